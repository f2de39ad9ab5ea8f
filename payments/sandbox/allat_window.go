package sandbox

import (
	_ "embed"
	"html/template"
	"io"
	"maps"
	"net/http"
)

//go:embed assets/allat.js
var allatScript []byte

//go:embed assets/allat_phone.js
var allatPhoneScript []byte

//go:embed assets/allat_post.js
var allatPostScript []byte

//go:embed assets/allat_window.html
var allatPage string

// init adds the window's page and its words to those of the sandbox.
func init() {
	frame := template.Must(template.ParseFS(pageFiles, "assets/pages/frame.html"))
	pages[allatName] = template.Must(frame.Parse(allatPage))
	maps.Copy(words, allatWords)
}

var allatWords = map[string]bilingual{
	"allat.account":      {"가상계좌 발급", "Issue a virtual account"},
	"allat.account.hint": {"승인되면 입금을 기다립니다.", "Waits for its deposit once it is approved."},
	"allat.send":         {"가맹점에 결과 보내기", "Send the result to the merchant"},
	"allat.sent":         {"결과를 가맹점에 보냅니다.", "The result goes to the merchant."},
	"allat.bad": {
		"결제창을 열 수 없는 요청입니다. 상점 ID(allat_…), 금액, 주문번호, 상품 이름, 구매자, 받을 주소를 확인해 주십시오.",
		"The window cannot be opened. Check the shop id (allat_…), amount, order number, product, buyer and receive address.",
	},
}

// allatFile serves a file to pages of other origins.
func allatFile(contentType string, body []byte) http.HandlerFunc {
	serve := file(contentType, body)
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		serve(w, r)
	}
}

// outside lets a page of the window live in a pop-up or frame of a merchant's page and find its way back to it.
func outside(h http.Header) {
	h.Set("Cross-Origin-Opener-Policy", "unsafe-none")
	h.Del("X-Frame-Options")
}

// allatBlank is what the pop-up and the frame show before the form comes.
func allatBlank(w http.ResponseWriter, _ *http.Request) {
	outside(w.Header())
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors http: https:")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, "<!DOCTYPE html><title>…</title>")
}

// openWindow is where the script posts the merchant's form: it begins a payment and shows its window.
func (g *allat) openWindow(set string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		outside(w.Header())
		body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
		var p *Payment
		if err == nil {
			_, err = g.s.write(func(t *tx) { p = g.begin(t, allatForm(body, set == "AllatPayUtf8"), g.s.baseURL(r)) })
		}
		switch {
		case err != nil:
			g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
		case p == nil:
			g.s.problem(w, r, http.StatusBadRequest, "allat.bad")
		default:
			http.Redirect(w, r, "/allat/window/"+p.ID, http.StatusSeeOther)
		}
	}
}

// allatWindow is what the window's page shows.
type allatWindow struct {
	tossWindow
	Account bool // the form takes virtual accounts
	Post    *allatPost
}

// allatPost is what a finished window posts to the merchant's receive page, in EUC-KR.
type allatPost struct {
	To, Code, Message, Ticket string
	Now                       bool // by itself, without another click
}

func (g *allat) showWindow(w http.ResponseWriter, r *http.Request) {
	var p *Payment
	_, err := g.s.write(func(t *tx) { p = t.payment(r.PathValue("id")) })
	if err != nil || p == nil || p.Dialect != allatName {
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
		return
	}
	g.renderWindow(w, r, p, "")
}

// renderWindow shows the window as it stands after a choice, "" when there was none.
func (g *allat) renderWindow(w http.ResponseWriter, r *http.Request, p *Payment, choice string) {
	lang := g.s.lang(r, p.Session.Language)
	v := allatWindow{Account: p.Session.Metadata[allatAccount] == "Y"}
	v.tossWindow = tossWindow{
		page: g.s.page(r, lang, "window.title"), Payment: p, Status: g.status(p), Amount: p.Money(p.Amount).Format(lang),
		Overseas: overseasContract(p), Any: p.Session.AnyCard, Slow: int(g.s.cfg.SlowConfirm.Seconds()), Left: choice == choiceLeave,
	}
	outside(w.Header())
	v.Targets, v.Script = []string{originOf(p.Session.SuccessURL)}, true
	v.Framers = append([]string{"'self'"}, v.Targets...)
	if p.Session.Metadata[allatCards] != "N" {
		for _, value := range []string{"kr", "visa", "mastercard", "jcb", "amex"} {
			if c := tossCards[value]; fits(p, c) {
				v.Cards = append(v.Cards, windowChoice{value, brand(c, lang)})
			}
		}
	}
	if away, _ := cardFor(p, choiceWrongPlace); !fits(p, away) {
		v.Away = brand(away, lang)
	}
	v.Post = g.result(p, choice)
	g.s.render(w, http.StatusOK, allatName, v, v.page)
}

// result is what a finished window posts; nil while it is open or when nothing is posted.
func (g *allat) result(p *Payment, choice string) *allatPost {
	post := &allatPost{To: p.Session.SuccessURL, Now: choice != ""}
	switch p.State {
	case StateAuthenticated, StateCaptured, StateDeposit:
		post.Code, post.Ticket = "0000", p.Session.Metadata[allatTicket]
	case StateFailed:
		post.Code = p.Failure
	case StateExpired:
		post.Code = "3009"
	case StateReady:
		if choice != choiceCancel {
			return nil
		}
		post.Code = "9999"
	}
	post.Message = allatTexts[post.Code]
	return post
}

// submitWindow does what the payer clicked. A finished window posts what it posted before.
func (g *allat) submitWindow(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	choice := r.PostFormValue("card")
	var p *Payment
	known := false
	_, err := g.s.write(func(t *tx) {
		if p = t.payment(r.PathValue("id")); p == nil || p.Dialect != allatName {
			p = nil
			return
		}
		if _, known = cardFor(p, choice); choice == choiceAccount {
			known = p.Session.Metadata[allatAccount] == "Y"
		}
		if known && p.State == StateReady {
			g.choose(t, p, choice)
		}
	})
	switch {
	case err != nil:
		g.s.problem(w, r, http.StatusInternalServerError, "problem.internal")
	case p == nil:
		g.s.problem(w, r, http.StatusNotFound, "problem.payment")
	case !known:
		g.s.problem(w, r, http.StatusBadRequest, "window.choice")
	default:
		g.renderWindow(w, r, p, choice)
	}
}
