package handlers

import (
	"slices"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// agreements tells who has agreed to what, and who has still to: who made the order, then its people as far as they agree for themselves.
func (o *office) agreements(v *visit, order *registration.Order, p *views.AdminOrderPage) error {
	kept := texts{}
	add := func(who string, given []registration.Consent) error {
		shown, err := o.consentsShown(v, kept, given)
		if len(shown) > 0 {
			p.Consents = append(p.Consents, views.AdminAgreement{Who: who, Given: shown})
		}
		return err
	}
	made, several := order.Payer.Name, len(order.Registrations) > 1
	var open []string
	for i := range order.Registrations {
		r := &order.Registrations[i]
		if _, asked := order.Agreed(v.event, r); asked {
			open = append(open, r.Person.Name)
		}
		if err := add(r.Person.Name, r.Consents); err != nil {
			return err
		}
		if !several && r.Consents != nil {
			made = views.T(v.lang(), "agree.first")
		}
	}
	p.NotAgreed = strings.Join(open, ", ")
	if len(p.Consents) == 0 && p.NotAgreed == "" {
		made = "" // nobody else's stand beside
	}
	return add(made, order.Consents)
}

// texts are the versions of texts that were read for a page, by kind.
type texts map[string][]store.TextVersion

// consentsShown is what was agreed to in an order, in the words of the version that was agreed to where they are kept. Terms and privacy
// notice lead to the page that shows that version.
func (o *office) consentsShown(v *visit, kept texts, given []registration.Consent) ([]views.AdminConsent, error) {
	var list []views.AdminConsent
	for _, c := range given {
		shown := views.AdminConsent{Version: c.Version, At: c.At}
		var err error
		switch c.ID {
		case views.ConsentOrder:
			shown.Text = views.T(v.lang(), "console.consents.order")
		case views.ConsentTerms:
			shown.Text = views.T(v.lang(), "setup.terms.title")
			if own, ours := strings.CutPrefix(c.Version, views.TermsVersion+"."); ours {
				shown.Path, err = o.versionPath(v, kept, store.TextTerms, views.TermsPath(v.event.Slug), own, v.event.TermsVersion())
			}
		case views.ConsentPrivacy:
			shown.Text = views.T(v.lang(), "layout.privacy")
			shown.Path, err = o.versionPath(v, kept, store.TextPrivacy, views.PrivacyPath(v.event.Slug), c.Version, v.event.PrivacyVersion())
		default:
			shown.Text, err = o.consentText(v, kept, c)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, shown)
	}
	return list, nil
}

// versionPath is where a version of a text can be read: at path when it is the one of now, under its name when it was kept, nowhere else.
func (o *office) versionPath(v *visit, kept texts, kind, path, version, now string) (string, error) {
	if version == now {
		return path, nil
	}
	if _, found, err := o.keptText(v, kept, kind, version); err != nil || !found {
		return "", err
	}
	return path + "?version=" + version, nil
}

// consentText is the sentence of one of the event's own consents as it was agreed to; its id when nobody has kept it.
func (o *office) consentText(v *visit, kept texts, c registration.Consent) (string, error) {
	t, found, err := o.keptText(v, kept, store.TextConsent+c.ID, c.Version)
	if err != nil || !found {
		return c.ID, err
	}
	return t.Text.In(v.lang()), nil
}

func (o *office) keptText(v *visit, kept texts, kind, version string) (t store.TextVersion, found bool, err error) {
	if _, read := kept[kind]; !read {
		if kept[kind], err = o.cfg.Store.Texts(v.Request().Context(), v.event.ID, kind); err != nil {
			return t, false, err
		}
	}
	i := slices.IndexFunc(kept[kind], func(t store.TextVersion) bool { return t.Version == version })
	if i < 0 {
		return t, false, nil
	}
	return kept[kind][i], true, nil
}
