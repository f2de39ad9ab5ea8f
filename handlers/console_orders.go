package handlers

import (
	"context"
	"fmt"
	"net/http"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// ordersPerPage is how many orders one page of the list shows.
const ordersPerPage = 50

// showConsoleOrders handles GET /console/{event}/orders: the list, newest first. Searching for a code leads straight to its order.
func (o *office) showConsoleOrders(v *visit) error {
	ctx, filter := v.Request().Context(), filterOf(v)
	code, found, err := o.cfg.Store.FindOrder(ctx, v.event.ID, filter.Query)
	if err != nil {
		return fmt.Errorf("look for the code: %w", err)
	}
	if found {
		return goTo(v, views.AdminOrderPath(v.event.Slug, code))
	}
	list := &orderList{visit: v, filter: filter, testMoney: v.QueryParam("test") == "1", from: store.ParseCursor(v.QueryParam("from"))}
	page, err := o.ordersPage(ctx, list)
	if err != nil {
		return err
	}
	return o.render(v, http.StatusOK, views.ConsoleOrders(page))
}

// orderList is what of an event's orders somebody looks at.
type orderList struct {
	*visit
	filter    views.OrderFilter
	testMoney bool // test money was asked to be in the totals
	from      store.Cursor
}

// address is the same list elsewhere: from another order on, or with test money.
func (l *orderList) address(from store.Cursor, testMoney bool) string {
	q := l.filter.Values()
	if text := from.String(); text != "" {
		q.Set("from", text)
	}
	if testMoney {
		q.Set("test", "1")
	}
	path := views.ConsoleOrdersPath(l.event.Slug)
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

func (o *office) ordersPage(ctx context.Context, l *orderList) (views.ConsoleOrdersPage, error) {
	lang := l.lang()
	p := views.ConsoleOrdersPage{
		Page: l.page(l.address(l.from, l.testMoney)), Filter: l.filter, PageSize: ordersPerPage, PublicURL: o.links.Event(l.event.Slug),
		Channels: channelOptions(lang, l.event), Categories: categoryOptions(lang, l.event),
	}
	var err error
	if p.Nav, err = o.nav(l.visit, "orders"); err != nil {
		return p, err
	}
	rows, err := o.cfg.Store.Orders(ctx, storeFilter(l.event, l.filter), l.from, ordersPerPage)
	if err != nil {
		return p, fmt.Errorf("list orders: %w", err)
	}
	for _, r := range rows.Rows {
		p.Rows = append(p.Rows, consoleOrder(lang, l.event, r))
	}
	if rows.Prev != (store.Cursor{}) {
		p.Previous = l.address(rows.Prev, l.testMoney)
	}
	if rows.Next != (store.Cursor{}) {
		p.Next = l.address(rows.Next, l.testMoney)
	}
	return p, o.addUp(ctx, l, &p)
}

// addUp counts what the filter finds and adds its money up. Test money is in no total unless it was asked for.
func (o *office) addUp(ctx context.Context, l *orderList, p *views.ConsoleOrdersPage) error {
	filter := storeFilter(l.event, l.filter)
	found, err := o.cfg.Store.CountOrders(ctx, filter)
	if err != nil {
		return fmt.Errorf("count orders: %w", err)
	}
	all := found
	if l.filter.Active() {
		if all, err = o.cfg.Store.CountOrders(ctx, store.OrderFilter{EventID: l.event.ID, TestToo: true}); err != nil {
			return fmt.Errorf("count orders: %w", err)
		}
	}
	p.Found, p.All = int(found), int(all)
	if l.event.Mode == registration.Test && !l.testMoney {
		p.ShowTest = l.address(l.from, true)
		return nil
	}
	sums, err := o.cfg.Store.Totals(ctx, filter)
	if err != nil {
		return fmt.Errorf("add orders up: %w", err)
	}
	for _, s := range sums {
		p.Totals = append(p.Totals, views.ConsoleTotal{
			Received: registration.Money{Minor: s.Paid, Cur: s.Currency}, Refunded: registration.Money{Minor: s.Refunded, Cur: s.Currency},
		})
	}
	return nil
}

// consoleOrder is one row of the list.
func consoleOrder(l registration.Lang, e *registration.Event, r store.OrderRow) views.ConsoleOrder {
	row := views.ConsoleOrder{
		Code: r.Code, Standing: r.Standing(), Method: payments.Method(r.Method), Name: r.Name, Affiliation: r.Affiliation, Email: r.Email,
		Category: categoryName(l, e, r.Category), Amount: []registration.Money{r.Total}, PaidAt: r.PaidAt, Evidence: evidenceWords(l, r.Evidence),
	}
	people := int64(0)
	for _, line := range r.Lines {
		if line.Kind == registration.LineCategory {
			people += line.Quantity
		}
	}
	row.Others = int(max(people-1, 0))
	return row
}
