package gatewaytest

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"foyer/payments"
	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/text/encoding/korean"
)

// Allat drives AllatPay.
var Allat = Kit{
	Gateway: "allat", Card: "kr", Brought: "allat_enc_data",
	Contract: func(base string) payments.Channel { return allatContract(base, "kit", registration.KRW, "domestic") },
	Others: map[string]Other{
		"overseas, in US cents": {func(base string) payments.Channel { return allatContract(base, "kitusd", registration.USD, "overseas") }, "visa"},
		"both kinds of cards":   {func(base string) payments.Channel { return allatContract(base, "kitany", registration.KRW, "any") }, "amex"},
	},
	Strange:  func(base string) payments.Channel { return allatContract(base, "live", registration.KRW, "domestic") },
	Window:   allatWindow,
	Choose:   allatChoose,
	Tampered: map[string]string{"amount": "fields.allat_amt", "order": "fields.allat_order_no"},
	Settles:  func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/servlet/AllatPay/pay/approval") },
	Refunds:  func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/servlet/AllatPay/pay/cancel") },
}

func allatContract(base, name string, cur registration.Currency, cards string) payments.Channel {
	return payments.Channel{
		Currency: cur, Cards: cards, Methods: []string{"card"}, APIURL: base, ScriptURL: base + "/common/NonAllatPayRE.js",
		Credentials: map[string]string{"shop_id": "allat_" + name, "cross_key": "allat_key_" + name},
	}
}

// allatFields are the form of a launch, in UTF-8.
func allatFields(l payments.Launch) url.Values {
	form := url.Values{}
	fields, _ := l.Call["fields"].(map[string]any)
	for name := range fields {
		form.Set(name, Read(l, "fields."+name))
	}
	return form
}

// allatWindow posts the form as the script does, in EUC-KR.
func allatWindow(p *Payer, l payments.Launch) (address, refused string) {
	form := allatFields(l)
	for name, values := range form {
		text, err := korean.EUCKR.NewEncoder().String(values[0])
		if err != nil {
			p.T.Fatalf("%s is not EUC-KR: %v", name, err)
		}
		form.Set(name, text)
	}
	page := p.Post(p.Base+"/servlet/AllatPay/nonactivex/nonre/nonre_main.jsp", form)
	return page.Location, string(page.Body)
}

// allatChoose presses a button. What the window then posts to the receive page, the hand-over page sends to the return address with
// the form's fields.
func allatChoose(p *Payer, l payments.Launch, window, card string) Back {
	p.T.Helper()
	page := p.Post(window, url.Values{"card": {card}})
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page.Body))
	if err != nil || page.Status >= http.StatusBadRequest {
		p.T.Fatalf("%s in %s: %d, %v\n%s", card, window, page.Status, err, page.Body)
	}
	sent := doc.Find("form#post")
	if sent.Length() == 0 {
		return Back{}
	}
	back := Back{To: strings.Replace(sent.AttrOr("action", ""), "/receive", "/return", 1), Form: allatFields(l)}
	sent.Find("input").Each(func(_ int, in *goquery.Selection) { back.Form.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	return back
}
