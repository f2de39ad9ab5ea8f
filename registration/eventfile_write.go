package registration

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

// WriteEventFile writes an event and its channels as an event file that ParseEventFile reads as the same event.
//
// Keys stand in the order of the documentation, and what has its default is left out, so that the same event always gives the same
// bytes. Of credentials only references are written, never values.
func WriteEventFile(f EventFile) ([]byte, error) {
	w := fileWriter{event: &f.Event, location: f.Event.Location()}
	root := w.file(f.Channels)
	root.Style = 0
	for i := 1; i < len(root.Content); i += 2 {
		lay(root.Content[i], false)
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(root), e.Close()); err != nil {
		return nil, fmt.Errorf("write the event file: %w", err)
	}
	return b.Bytes(), nil
}

// fileWriter makes the nodes of an event file. A value that has its default has no node, and then its key is left out.
type fileWriter struct {
	event    *Event
	location *time.Location
}

// file is the whole file. A new key of the event file gets its line here, or in the function of the key that it stands under.
func (w fileWriter) file(specs []ChannelSpec) *yaml.Node {
	e := w.event
	return mapping(
		pair{"event", w.basics()},
		pair{"organizer", w.organizer()},
		pair{"registration", mapping(
			pair{"opens", w.first(e.Opens)},
			pair{"closes", w.last(e.Closes)},
			pair{"unpaid", word(string(e.Unpaid))},
		)},
		pair{"phases", w.phases()},
		pair{"categories", each(e.Categories, w.category)},
		pair{"extras", each(e.Extras, w.extra)},
		pair{"person", w.person()},
		pair{"groups", mapping(
			pair{"max", number(int64(e.Groups.Max))},
			pair{"replace", w.last(e.Groups.Replace)},
		)},
		pair{"questions", each(e.Questions, w.question)},
		pair{"quotas", each(e.Quotas, w.quota)},
		pair{"vouchers", each(e.Vouchers, w.voucher)},
		pair{"refund_policy", w.refunds()},
		pair{"changes", mapping(
			pair{"cancel", w.last(e.Changes.Cancel)},
			pair{"details", w.last(e.Changes.Details)},
			pair{"order", w.last(e.Changes.Order)},
			pair{"transfer", w.last(e.Changes.Transfer)},
		)},
		pair{"texts", mapping(
			pair{"terms", text(e.Texts.Terms)},
			pair{"privacy", text(e.Texts.Privacy)},
		)},
		pair{"consents", each(e.Consents, func(c ConsentAsk) *yaml.Node {
			return mapping(pair{"id", word(c.ID)}, pair{"label", text(c.Label)}, pair{"required", yes(c.Required)})
		})},
		pair{"papers", w.papers()},
		pair{"waiting_list", mapping(pair{"offer", word(FileDuration(e.Waiting.Offer))})},
		pair{"approval", w.approval()},
		pair{"channels", each(specs, w.channel)},
	)
}

func (w fileWriter) basics() *yaml.Node {
	e := w.event
	return mapping(
		pair{"slug", word(e.Slug)},
		pair{"name", text(e.Name)},
		pair{"place", text(e.Place)},
		pair{"about", text(e.About)},
		pair{"refund_rule", text(e.RefundRule)},
		pair{"starts", plain(e.Starts.String())},
		pair{"ends", plain(e.Ends.String())},
		pair{"timezone", word(e.Timezone)},
		pair{"mode", word(string(e.Mode))},
		pair{"state", word(string(e.State))},
		pair{"state_text", text(e.StateText)},
		pair{"tax", unless(string(e.Tax), string(TaxIncluded))},
		pair{"statement", word(e.Statement)},
	)
}

func (w fileWriter) person() *yaml.Node {
	p := w.event.Person
	return mapping(
		pair{"passport_name", word(string(p.PassportName))},
		pair{"affiliation", word(string(p.Affiliation))},
		pair{"affiliation_en", word(string(p.AffiliationEn))},
		pair{"title", word(string(p.Title))},
		pair{"country", word(string(p.Country))},
		pair{"phone", word(string(p.Phone))},
		pair{"badge_name", word(string(p.BadgeName))},
		pair{"verify_phone", yes(p.VerifyPhone)},
	)
}

func (w fileWriter) organizer() *yaml.Node {
	o := w.event.Organizer
	return mapping(
		pair{"name", text(o.Name)},
		pair{"business_number", word(o.BusinessNumber)},
		pair{"representative", word(o.Representative)},
		pair{"address", word(o.Address)},
		pair{"phone", word(o.Phone)},
		pair{"email", word(o.Email)},
		pair{"mail_order_number", word(o.MailOrderNumber)},
		pair{"privacy_officer", word(o.PrivacyOfficer)},
		pair{"hosting", word(o.Hosting)},
	)
}
