package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"foyer/registration"
)

// missingV1 is the answer about a payment that is not there.
func missingV1() answer {
	return portoneV1Fail(http.StatusNotFound, "존재하지 않는 결제정보입니다.")
}

// one is a merchant's payment by its imp_uid, nil when there is none.
func (g *portoneV1) one(t *tx, merchant, id string) *Payment {
	p := t.payment(id)
	if p == nil || p.Dialect != portoneV1Name || p.Merchant != merchant {
		return nil
	}
	settleDue(t, p)
	return p
}

// tries are a merchant's payments under one merchant_uid, newest first.
func (g *portoneV1) tries(t *tx, merchant, orderID string) []*Payment {
	var all []*Payment
	for _, p := range slices.Backward(t.ofOrder(merchant, orderID)) {
		if p.Dialect == portoneV1Name {
			settleDue(t, p)
			all = append(all, p)
		}
	}
	return all
}

// paid is the try of a merchant_uid that took money, nil when none has.
func (g *portoneV1) paid(t *tx, merchant, orderID string) *Payment {
	for _, p := range g.tries(t, merchant, orderID) {
		if p.State == StateCaptured {
			return p
		}
	}
	return nil
}

// ofPath is the payment that a look-up is about: by imp_uid, or the first of a merchant_uid.
func (g *portoneV1) ofPath(t *tx, c *portoneV1Call) *Payment {
	if id := c.r.PathValue("imp_uid"); id != "" {
		return g.one(t, c.merchant, id)
	}
	if p := g.paid(t, c.merchant, c.r.PathValue("merchant_uid")); p != nil {
		return p
	}
	return nil
}

// get shows a payment; one of a test channel only to those who ask for it.
func (g *portoneV1) get(t *tx, c *portoneV1Call) answer {
	p := g.one(t, c.merchant, c.r.PathValue("imp_uid"))
	if p == nil || (p.Session.Metadata[portoneV1Live] == "" && c.r.URL.Query().Get("include_sandbox") != "true") {
		return missingV1()
	}
	return portoneV1Good(http.StatusOK, g.object(p))
}

// many shows payments by either number; 207 when some are not there.
func (g *portoneV1) many(t *tx, c *portoneV1Call) answer {
	q := c.r.URL.Query()
	status, found := http.StatusOK, []portoneV1Object{}
	for _, id := range q["imp_uid[]"] {
		if p := g.one(t, c.merchant, id); p != nil {
			found = append(found, g.object(p))
		} else {
			status = http.StatusMultiStatus
		}
	}
	for _, orderID := range q["merchant_uid[]"] {
		all := g.tries(t, c.merchant, orderID)
		if len(all) == 0 {
			status = http.StatusMultiStatus
			continue
		}
		found = append(found, g.object(all[0]))
	}
	if len(q["imp_uid[]"])+len(q["merchant_uid[]"]) > 100 {
		return portoneV1Fail(http.StatusBadRequest, "최대 100건까지 조회할 수 있습니다.")
	}
	if len(found) == 0 {
		return missingV1()
	}
	return portoneV1Good(status, found)
}

// matching are the payments of a merchant_uid in one state, in the order asked for. The official client writes undefined into
// the path when it has no state to write.
func (g *portoneV1) matching(t *tx, c *portoneV1Call) []*Payment {
	state := c.r.PathValue("status")
	all := slices.DeleteFunc(g.tries(t, c.merchant, c.r.PathValue("merchant_uid")), func(p *Payment) bool {
		return !slices.Contains([]string{"", "all", "undefined", g.status(p)}, state)
	})
	portoneV1Sort(all, c.r.URL.Query().Get("sorting"))
	return all
}

// portoneV1Sort sorts by the time of the start, of the payment or of the last change; with a minus, which is the default, newest first.
func portoneV1Sort(all []*Payment, sorting string) {
	field := cmp.Or(sorting, "-started")
	key := func(p *Payment) time.Time {
		switch field {
		case "paid", "-paid":
			return p.CapturedAt
		case "updated", "-updated":
			return portoneV1Changed(p)
		}
		return p.RequestedAt
	}
	slices.SortStableFunc(all, func(a, b *Payment) int {
		if field[0] == '-' {
			return key(b).Compare(key(a))
		}
		return key(a).Compare(key(b))
	})
}

func (g *portoneV1) find(t *tx, c *portoneV1Call) answer {
	all := g.matching(t, c)
	if len(all) == 0 {
		return missingV1()
	}
	return portoneV1Good(http.StatusOK, g.object(all[0]))
}

func (g *portoneV1) findAll(t *tx, c *portoneV1Call) answer {
	all := g.matching(t, c)
	if len(all) == 0 {
		return missingV1()
	}
	return g.page(c, all)
}

// portoneV1Page is a page of a list. Previous and next are numbers of pages, 0 where there is none.
type portoneV1Page struct {
	Total    int               `json:"total"`
	Previous int               `json:"previous"`
	Next     int               `json:"next"`
	List     []portoneV1Object `json:"list"`
}

func (g *portoneV1) page(c *portoneV1Call, all []*Payment) answer {
	q := c.r.URL.Query()
	n, err1 := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	limit, err2 := strconv.Atoi(cmp.Or(q.Get("limit"), "20"))
	if err1 != nil || err2 != nil || n < 1 || limit < 1 || limit > 1000 {
		return portoneV1Fail(http.StatusBadRequest, "page, limit을 확인해주세요.")
	}
	out := portoneV1Page{Total: len(all), Previous: n - 1, List: []portoneV1Object{}}
	if n*limit < len(all) {
		out.Next = n + 1
	}
	for _, p := range all[min((n-1)*limit, len(all)):min(n*limit, len(all))] {
		out.List = append(out.List, g.object(p))
	}
	return portoneV1Good(http.StatusOK, out)
}

// portoneV1Since is the time by which a payment is listed: that of its last state.
func (g *portoneV1) since(p *Payment) time.Time {
	switch g.status(p) {
	case "paid":
		return p.CapturedAt
	case "cancelled", "failed":
		return portoneV1Changed(p)
	}
	return p.RequestedAt
}

// byStatus lists a merchant's payments of a state and a time, 90 days at most.
func (g *portoneV1) byStatus(t *tx, c *portoneV1Call) answer {
	q, state := c.r.URL.Query(), c.r.PathValue("status")
	to, err1 := strconv.ParseInt(cmp.Or(q.Get("to"), strconv.FormatInt(t.now.Unix(), 10)), 10, 64)
	from, err2 := strconv.ParseInt(cmp.Or(q.Get("from"), strconv.FormatInt(to-90*24*3600, 10)), 10, 64)
	if err1 != nil || err2 != nil || to-from > 90*24*3600 || !slices.Contains([]string{"all", "ready", "paid", "cancelled", "failed"}, state) {
		return portoneV1Fail(http.StatusBadRequest, "검색기간은 최대 90일까지입니다.")
	}
	var all []*Payment
	for _, id := range t.k.order {
		p := g.one(t, c.merchant, id)
		if p == nil || (state != "all" && g.status(p) != state) {
			continue
		}
		if at := g.since(p).Unix(); at >= from && at <= to {
			all = append(all, p)
		}
	}
	portoneV1Sort(all, q.Get("sorting"))
	return g.page(c, all)
}

// prepare registers the amount of a merchant_uid, once.
func (g *portoneV1) prepare(_ *tx, c *portoneV1Call) answer {
	if _, there := g.promised[orderKey(c.merchant, c.in["merchant_uid"])]; there {
		return portoneV1Fail(http.StatusBadRequest, "이미 등록된 merchant_uid입니다.")
	}
	if !g.promise(c.merchant, c.in) {
		return portoneV1Fail(http.StatusBadRequest, "merchant_uid, amount를 확인해주세요.")
	}
	return portoneV1Good(http.StatusOK, g.promised[orderKey(c.merchant, c.in["merchant_uid"])])
}

// editPrepare changes what was registered.
func (g *portoneV1) editPrepare(_ *tx, c *portoneV1Call) answer {
	if _, there := g.promised[orderKey(c.merchant, c.in["merchant_uid"])]; !there {
		return portoneV1Fail(http.StatusNotFound, "등록된 merchant_uid가 없습니다.")
	}
	if !g.promise(c.merchant, c.in) {
		return portoneV1Fail(http.StatusBadRequest, "merchant_uid, amount를 확인해주세요.")
	}
	return portoneV1Good(http.StatusOK, g.promised[orderKey(c.merchant, c.in["merchant_uid"])])
}

func (g *portoneV1) getPrepare(_ *tx, c *portoneV1Call) answer {
	in, there := g.promised[orderKey(c.merchant, c.r.PathValue("merchant_uid"))]
	if !there {
		return portoneV1Fail(http.StatusNotFound, "등록된 merchant_uid가 없습니다.")
	}
	return portoneV1Good(http.StatusOK, in)
}

// promise keeps what a merchant_uid was registered with; false when it cannot be read.
func (g *portoneV1) promise(merchant string, in map[string]string) bool {
	p := portoneV1Promise{OrderID: in["merchant_uid"], Amount: json.Number(in["amount"])}
	if cur := in["currency"]; cur != "" {
		p.Currency = &cur
	}
	amount, err := registration.ParseMoney(in["amount"], registration.Currency(cmp.Or(in["currency"], string(registration.USD))))
	if err != nil || amount.Minor <= 0 || !portoneV1OrderID.MatchString(p.OrderID) {
		return false
	}
	g.promised[orderKey(merchant, p.OrderID)] = p
	return true
}

// keeps reports whether a window for that amount may be opened.
func (p portoneV1Promise) keeps(amount registration.Money) bool {
	if p.OrderID == "" {
		return true
	}
	m, err := registration.ParseMoney(p.Amount.String(), amount.Cur)
	return err == nil && m == amount && (p.Currency == nil || *p.Currency == string(amount.Cur))
}
