package handlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// showChannels handles GET /admin/{event}/channels: the channels of the event, and what is missing before a live event opens.
func (o *office) showChannels(v *visit) error {
	ctx := v.Request().Context()
	page := views.ChannelsPage{Page: v.page(views.ChannelsPath(v.event.Slug)), Lacks: v.event.Lacks()}
	var err error
	if page.Nav, err = o.nav(v, "channels"); err != nil {
		return err
	}
	checks, err := o.cfg.Store.Checks(ctx, v.event.ID)
	if err != nil {
		return fmt.Errorf("read checks: %w", err)
	}
	for _, offer := range v.event.Channels {
		page.Channels = append(page.Channels, views.ChannelLine{
			Offer: offer, Manual: offer.ByHand(), Passed: checks[v.event.ID+"/"+offer.ID].Passed,
		})
	}
	return o.render(v, http.StatusOK, views.Channels(page))
}

// showChannel handles GET /admin/{event}/channels/{channel}.
func (o *office) showChannel(v *visit) error { return o.renderChannel(v, http.StatusOK, nil) }

func (o *office) renderChannel(v *visit, status int, problems []views.Problem) error {
	ch, err := o.channel(v)
	if err != nil {
		return err
	}
	page, err := o.channelPage(v, ch)
	if err != nil {
		return err
	}
	page.Problems, page.Page.Error = problems, len(problems) > 0
	return o.render(v, status, views.Channel(page))
}

func (o *office) channelPage(v *visit, ch payments.Channel) (views.ChannelPage, error) {
	ctx := v.Request().Context()
	page := views.ChannelPage{
		Page: v.page(views.ChannelPath(v.event.Slug, ch.Key)), Channel: ch.Key, Gateway: ch.Gateway, Mode: ch.Mode, Currency: ch.Currency,
		Webhook: o.links.Webhook(v.event.Slug, ch.Key), Nonce: store.Token(), Done: v.QueryParam("done"),
	}
	page.Page.Script = []string{"copy.js"}
	if ch.APIURL != "" {
		page.Elsewhere = ch.APIURL
	}
	var err error
	if page.Nav, err = o.nav(v, "channels"); err != nil {
		return page, err
	}
	written, err := o.cfg.Store.Written(ctx, ch.ID)
	if err != nil {
		return page, fmt.Errorf("read when keys were written: %w", err)
	}
	for _, name := range registration.CredentialNames(ch.Gateway) {
		page.Keys = append(page.Keys, views.ChannelKey{Name: name, Set: ch.Credentials[name] != "", At: written[name], Ref: ch.Refs[name]})
	}
	if page.Calls, err = o.calls(ctx, ch.ID); err != nil {
		return page, err
	}
	gateway, _, err := o.cfg.Cashier.Gateway(ctx, ch.ID)
	if err != nil {
		page.Broken = true
		return page, nil
	}
	caps := gateway.Capabilities()
	page.Testable, page.Manual = caps.Inquiry, caps.Manual
	return page, o.addCheck(ctx, &page, ch, caps)
}

// addCheck adds where the channel's go-live check stands.
func (o *office) addCheck(ctx context.Context, page *views.ChannelPage, ch payments.Channel, caps payments.Capabilities) error {
	if ch.Mode != registration.Live || caps.Manual {
		return nil
	}
	checks, err := o.cfg.Store.Checks(ctx, ch.EventID)
	if err != nil {
		return fmt.Errorf("read checks: %w", err)
	}
	c := checks[ch.ID]
	page.Check = &views.ChannelCheckBox{
		Amount: payments.CheckAmount(caps, ch.Currency), Passed: c.Passed, Order: c.OrderCode, Payment: string(c.Payment), Refund: string(c.Refund),
	}
	return nil
}

// calls are the last calls to and from a channel's gateway.
func (o *office) calls(ctx context.Context, channelID string) ([]views.ChannelCall, error) {
	list, err := o.cfg.Store.LastCalls(ctx, channelID)
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	var all []views.ChannelCall
	for _, n := range list {
		all = append(all, views.ChannelCall{Operation: string(n.Operation), At: n.At, Result: string(n.Result), Code: n.Code})
	}
	return all, nil
}

// submitKeys handles the POST of a channel's keys. Fields that are left empty keep what is stored; what is stored is never shown.
func (o *office) submitKeys(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	ch, err := o.channel(v)
	if err != nil {
		return err
	}
	replaced := map[string]string{}
	for _, name := range registration.CredentialNames(ch.Gateway) {
		if value := posted.line("key." + name); value != "" {
			replaced[name] = value
		}
	}
	if len(replaced) == 0 {
		return o.renderChannel(v, http.StatusUnprocessableEntity, []views.Problem{{Field: "keys", Key: "console.channel.keys.none"}})
	}
	changed := ch
	changed.Credentials = maps.Clone(ch.Credentials)
	maps.Copy(changed.Credentials, replaced)
	gateway, err := o.cfg.Cashier.Connect(changed)
	if err != nil {
		return o.renderChannel(v, http.StatusUnprocessableEntity, []views.Problem{{Field: "keys", Key: "console.channel.keys.wrong", Args: []any{"why", err.Error()}}})
	}
	err = o.cfg.Store.ReplaceKeys(v.Request().Context(), ch, replaced, gateway.Capabilities().Merchant, v.staff.Actor())
	if isCode(err, registration.CodeConflict) {
		return o.renderChannel(v, http.StatusConflict, []views.Problem{{Field: "keys", Key: "console.channel.keys.moved"}})
	}
	if err != nil {
		return fmt.Errorf("replace keys: %w", err)
	}
	return goTo(v, views.ChannelPath(v.event.Slug, ch.Key)+"?done=keys")
}

// submitTest handles the POST of a test call: the gateway is asked about a payment that was never made.
func (o *office) submitTest(v *visit) error {
	ch, err := o.channel(v)
	if err != nil {
		return err
	}
	ctx := v.Request().Context()
	err = o.cfg.Cashier.TestCall(ctx, ch.ID)
	if errors.Is(err, payments.ErrNoInquiry) {
		return goTo(v, views.ChannelPath(v.event.Slug, ch.Key))
	}
	result, code := payments.ResultOf(err)
	if err != nil {
		o.cfg.Log.WarnContext(ctx, "test call", "channel", ch.ID, "error", err)
	}
	reason := ch.Key + ": " + string(result)
	if code != "" {
		reason += " " + code
	}
	if err := o.note(v, store.StaffAct{Act: "test_call", Reason: reason}); err != nil {
		return err
	}
	return goTo(v, views.ChannelPath(v.event.Slug, ch.Key)+"?done=test")
}

// checkHold is how long a go-live check may take from its start to the payment.
const checkHold = 2 * time.Hour

// beginCheck handles the POST of a go-live check: a small order of its own, paid in the gateway's real window by the card in the
// owner's hand. The money goes back by itself; see payments.Cashier.Settle.
func (o *office) beginCheck(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	ch, err := o.channel(v)
	if err != nil {
		return err
	}
	ctx := v.Request().Context()
	gateway, _, err := o.cfg.Cashier.Gateway(ctx, ch.ID)
	if err != nil || ch.Mode != registration.Live || gateway.Capabilities().Manual {
		return o.renderChannel(v, http.StatusConflict, []views.Problem{{Field: "check", Key: "console.channel.check.not_here"}})
	}
	name := registration.Text{Ko: views.T(registration.Korean, "console.channel.check.item"), En: views.T(registration.English, "console.channel.check.item")}
	placed, err := o.cfg.Store.PlaceCheck(ctx, store.NewCheck{
		Event: v.event, Nonce: posted.line("nonce"), Amount: payments.CheckAmount(gateway.Capabilities(), ch.Currency), Name: name,
		Person: registration.Person{Name: v.staff.Email, Email: v.staff.Email}, Lang: v.lang(), Actor: v.staff.Actor(), HoldFor: checkHold,
	})
	if err != nil {
		return fmt.Errorf("place check: %w", err)
	}
	p, err := o.cfg.Cashier.Start(ctx, placed.OrderID, payments.Choice{ChannelID: ch.ID, Attempt: 1}, v.staff.Actor())
	if err != nil {
		o.cfg.Log.WarnContext(ctx, "begin check", "channel", ch.ID, "error", err)
		return o.renderChannel(v, http.StatusServiceUnavailable, []views.Problem{{Field: "check", Key: "console.channel.check.unavailable"}})
	}
	if err := o.note(v, store.StaffAct{Act: "check_begun", OrderID: placed.OrderID, PaymentID: p.ID, Reason: ch.Key}); err != nil {
		return err
	}
	return goTo(v, payPath(p.Token))
}
