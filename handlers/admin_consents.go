package handlers

import (
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// consentsShown is what was agreed to in an order, in the words of the version that was agreed to where they are kept. Terms and privacy
// notice lead to the page that shows that version.
func (o *office) consentsShown(v *visit, given []registration.Consent) ([]views.AdminConsent, error) {
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
				shown.Path, err = o.versionPath(v, store.TextTerms, views.TermsPath(v.event.Slug), own, v.event.TermsVersion())
			}
		case views.ConsentPrivacy:
			shown.Text = views.T(v.lang(), "layout.privacy")
			shown.Path, err = o.versionPath(v, store.TextPrivacy, views.PrivacyPath(v.event.Slug), c.Version, v.event.PrivacyVersion())
		default:
			shown.Text, err = o.consentText(v, c)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, shown)
	}
	return list, nil
}

// versionPath is where a version of a text can be read: at path when it is the one of now, under its name when it was kept, nowhere else.
func (o *office) versionPath(v *visit, kind, path, version, now string) (string, error) {
	if version == now {
		return path, nil
	}
	if _, kept, err := o.keptText(v, kind, version); err != nil || !kept {
		return "", err
	}
	return path + "?version=" + version, nil
}

// consentText is the sentence of one of the event's own consents as it was agreed to; its id when nobody has kept it.
func (o *office) consentText(v *visit, c registration.Consent) (string, error) {
	t, kept, err := o.keptText(v, store.TextConsent+c.ID, c.Version)
	if err != nil || !kept {
		return c.ID, err
	}
	return t.Text.In(v.lang()), nil
}

func (o *office) keptText(v *visit, kind, version string) (store.TextVersion, bool, error) {
	all, err := o.cfg.Store.Texts(v.Request().Context(), v.event.ID, kind)
	for _, t := range all {
		if t.Version == version {
			return t, true, nil
		}
	}
	return store.TextVersion{}, false, err
}
