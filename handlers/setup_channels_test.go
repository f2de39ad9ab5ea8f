package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// storedChannel is a channel of the sample event.
func (s *site) storedChannel(key string) payments.Channel {
	s.t.Helper()
	ch, err := s.store.ChannelByKey(s.t.Context(), s.event(slug).ID, key)
	if err != nil {
		s.t.Fatal(err)
	}
	return ch
}

func TestChannelsAreMadeInTheBrowserAndTheirKeysAreNeverShown(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/channels"
	page := b.get(path).want(200)
	if strings.Contains(page.body, "_demo") {
		t.Error("the page shows a key")
	}
	b.submit(page, "main", url.Values{
		"channels.2.gateway": {"toss"}, "channels.2.currency": {"KRW"},
		"channels.3.gateway": {"transfer"}, "channels.3.account.bank": {"예시은행"}, "channels.3.account.number": {"０００-000"}, "channels.3.account.holder": {"예시학회"},
	}).to()
	page = b.get(path).want(200)
	if made := s.storedChannel("transfer-krw"); made.Account.Number != "000-000" || len(made.Methods) != 1 || made.Methods[0] != "bank_transfer" {
		t.Errorf("the account's channel is %+v", made)
	}
	keys := url.Values{"channels.2.credentials.client_key": {"test_ck_mine"}, "channels.2.credentials.secret_key": {" test_sk_mine "}, "channels.2.methods": {"card", "virtual_account"}, "channels.2.deposit_term": {"72"}}
	page = b.get(b.submit(page, "main", keys).to()).want(200)
	made := s.storedChannel("toss-krw")
	if made.Credentials["secret_key"] != "test_sk_mine" || made.Credentials["client_key"] != "test_ck_mine" || len(made.Methods) != 2 || made.DepositTerm.Hours() != 72 {
		t.Errorf("the channel is %+v", made)
	}
	if strings.Contains(page.body, "_mine") || !strings.Contains(page.doc().Find("#channels-2-credentials-secret_key-hint").Text(), "stored") {
		t.Error("the page shows a key, or does not say that there is one")
	}
	for _, title := range []string{"Toss Payments · Card · Virtual account", "To the society's account"} {
		if !strings.Contains(page.doc().Find(".setup-list summary").Text(), title) {
			t.Errorf("no channel is called %q", title)
		}
	}
	b.submit(page, "main", url.Values{"channels.2.credentials.secret_key": {"test_sk_other"}}).to()
	if now := s.storedChannel("toss-krw"); now.Credentials["secret_key"] != "test_sk_other" || now.Credentials["client_key"] != "test_ck_mine" {
		t.Errorf("the keys are %v", now.Credentials)
	}
	if korea := s.storedChannel("korea"); korea.Credentials["secret_key"] != "test_sk_demo" || korea.APIURL != s.bank {
		t.Errorf("another channel became %+v", korea)
	}
	var reason string
	if err := s.store.Row(t.Context(), `SELECT reason FROM audit WHERE what = 'event' ORDER BY id DESC LIMIT 1`).Scan(&reason); err != nil || reason != "channels.toss-krw.credentials" {
		t.Errorf("the audit says %s, %v", reason, err)
	}
}

func TestMistakesInChannelsAreToldAtTheirFields(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/channels"
	for name, tc := range map[string]struct {
		fields url.Values
		want   string
	}{
		"no account":             {url.Values{"channels.2.gateway": {"transfer"}}, "#channels-2-account-bank"},
		"half an account":        {url.Values{"channels.2.gateway": {"transfer"}, "channels.2.account.bank": {"예시은행"}}, "#channels-2-account-number"},
		"an account of a card":   {url.Values{"channels.2.gateway": {"toss"}, "channels.2.account.bank": {"예시은행"}}, "#channels-2-account-bank"},
		"no gateway":             {url.Values{"channels.2.account.bank": {"예시은행"}}, "#channels-2-gateway"},
		"a key for real money":   {url.Values{"channels.0.credentials.secret_key": {"live_sk_mine"}}, "#channels-0-credentials-secret_key"},
		"a key of another kind":  {url.Values{"channels.0.credentials.client_key": {"test_sk_mine"}}, "#channels-0-credentials-client_key"},
		"a reference":            {url.Values{"channels.0.credentials.secret_key": {"${FOYER_SECRET_KEY}"}}, "#channels-0-credentials-secret_key"},
		"no text":                {url.Values{"channels.0.credentials.secret_key": {"a\xff"}}, "#channels-0-credentials-secret_key"},
		"a term for cards":       {url.Values{"channels.0.deposit_term": {"72"}}, "#channels-0-deposit_term"},
		"a term that is no time": {url.Values{"channels.0.methods": {"card", "virtual_account"}, "channels.0.deposit_term": {"사흘"}}, "#channels-0-deposit_term"},
		"a currency it lacks":    {url.Values{"channels.0.currency": {"EUR"}}, "#channels-0-currency"},
	} {
		t.Run(name, func(t *testing.T) {
			f := with(filled(b.get(path).want(200)), tc.fields)
			refused := b.post(path, f).want(http.StatusUnprocessableEntity)
			if refused.doc().Find("#problems a[href='"+tc.want+"']").Length() == 0 || refused.doc().Find(tc.want).Length() != 1 {
				t.Errorf("nothing leads to %s: %s", tc.want, refused.doc().Find("#problems").Text())
			}
			if told := refused.doc().Find("#problems").Text(); strings.Contains(told, "setup.") {
				t.Errorf("a sentence is missing: %s", told)
			}
			if strings.Contains(refused.body, "_mine") || strings.Contains(refused.body, "FOYER_SECRET_KEY") {
				t.Error("a key that was typed is shown again")
			}
			for field, value := range tc.fields {
				if kept := filled(refused).Get(field); kept != value[0] && !strings.Contains(field, "credentials") {
					t.Errorf("%s is %q afterwards, was typed as %q", field, kept, value[0])
				}
			}
		})
	}
	if got := s.storedChannel("korea"); got.Credentials["secret_key"] != "test_sk_demo" || got.Currency != registration.KRW {
		t.Errorf("a refused form changed the channel: %+v", got)
	}
}
