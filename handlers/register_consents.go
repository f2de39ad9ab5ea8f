package handlers

import (
	"time"

	"foyer/registration"
	"foyer/views"
)

// consentProblems names the needed consents that were not given: own, and those that the event needs.
func consentProblems(e *registration.Event, f form, own ...string) []views.Problem {
	var problems []views.Problem
	for _, id := range own {
		if !ticked(f, id) {
			problems = append(problems, views.Problem{Field: "consent-" + id, Key: "consent." + id + ".missing"})
		}
	}
	for _, c := range e.Consents {
		if c.Required && !ticked(f, c.ID) {
			problems = append(problems, views.Problem{Field: "consent-" + c.ID, Key: "setup.consent.missing"})
		}
	}
	return problems
}

// consentsOf are the consents that were given, each with the version of what was agreed to, and that of the event's own privacy notice.
func consentsOf(k *checked, f form, now time.Time) []registration.Consent {
	return addConsents([]registration.Consent{{ID: views.ConsentOrder, Version: k.revision, At: now}}, k.event, k.terms, f, now)
}

// addConsents adds those that everybody gives for themselves.
func addConsents(given []registration.Consent, e *registration.Event, terms string, f form, now time.Time) []registration.Consent {
	given = append(given, registration.Consent{ID: views.ConsentTerms, Version: terms, At: now})
	if !e.Texts.Privacy.Empty() {
		given = append(given, registration.Consent{ID: views.ConsentPrivacy, Version: e.PrivacyVersion(), At: now})
	}
	for _, c := range e.Consents {
		if ticked(f, c.ID) {
			given = append(given, registration.Consent{ID: c.ID, Version: c.Version(), At: now})
		}
	}
	return given
}

// agreed are the event's own consents that were ticked; nil for an event that has none.
func agreed(e *registration.Event, f form) map[string]bool {
	if len(e.Consents) == 0 {
		return nil
	}
	given := map[string]bool{}
	for _, c := range e.Consents {
		given[c.ID] = ticked(f, c.ID)
	}
	return given
}
