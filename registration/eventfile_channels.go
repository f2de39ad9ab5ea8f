package registration

import (
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// gatewayNames are the gateways that a file may name.
var gatewayNames = []string{"toss", "portonev1", "portonev2", "bootpay", "allat", "stripe", "transfer"}

// credentialNames are the credentials of each gateway.
var credentialNames = map[string][]string{
	"toss":      {"client_key", "secret_key"},
	"portonev1": {"imp_code", "imp_key", "imp_secret", "channel_key"},
	"portonev2": {"store_id", "channel_key", "api_secret", "webhook_secret"},
	"bootpay":   {"js_application_id", "application_id", "private_key", "client_key", "secret_key"},
	"allat":     {"shop_id", "cross_key"},
	"stripe":    {"secret_key", "webhook_secret"},
}

// channels reads the key channels, once the event's mode is known.
func channels(f field, e *Event) []ChannelSpec {
	var all []ChannelSpec
	seen := map[string]string{}
	for _, item := range f.items() {
		o := item.object("id", "gateway", "currency", "cards", "methods", "credentials", "api_url", "script_url", "confirm_window",
			"pg", "pay_method", "account", "deposit_term")
		c := ChannelSpec{Line: item.node.Line, ChannelOffer: ChannelOffer{ID: o.at("id").id(), Cards: o.at("cards").one("any", "domestic", "overseas")}}
		o.at("id").once(seen, c.ID, "another channel")
		if g := o.need("gateway"); !g.absent() {
			c.Gateway = g.one(gatewayNames...)
		}
		if cur := o.need("currency"); !cur.absent() {
			c.Currency = cur.currency(cur, cur.word())
		}
		c.Methods = methods(o.at("methods"))
		c.Credentials, c.Refs = credentials(o.at("credentials"), c.Gateway)
		c.testOnly(o, e.Mode)
		c.PG, c.PayMethod = o.at("pg").name(), o.at("pay_method").name()
		if (c.PG != "" || c.PayMethod != "") && !strings.HasPrefix(c.Gateway, "portone") {
			o.fail("pg and pay_method are for portonev1 and portonev2 only")
		}
		c.deposits(o)
		all = append(all, c)
	}
	return all
}

// methods reads which methods a channel offers; cards when the file does not say.
func methods(f field) []string {
	var all []string
	for _, m := range f.items() {
		if slices.Contains(all, m.word()) {
			m.fail("%q is here twice", m.word())
		}
		all = append(all, m.id())
	}
	if len(all) == 0 {
		return []string{"card"}
	}
	return all
}

// deposits reads what a channel says about money that payers transfer themselves.
func (c *ChannelSpec) deposits(o object) {
	if term := o.at("deposit_term"); !term.absent() {
		if !slices.Contains(c.Methods, "virtual_account") && !slices.Contains(c.Methods, "bank_transfer") {
			term.fail("is for channels with the method virtual_account or bank_transfer")
		}
		c.DepositTerm = term.duration()
	}
	account := o.at("account")
	switch own := slices.Contains(c.Methods, "bank_transfer"); {
	case account.absent() && own:
		account.fail("is missing: bank_transfer needs {bank, number, holder}")
	case account.absent():
		return
	case !own:
		account.fail("is for channels with the method bank_transfer")
	}
	a := account.object("bank", "number", "holder")
	c.Account = BankAccount{Bank: a.need("bank").name(), Number: a.need("number").name(), Holder: a.need("holder").name()}
}

// testOnly reads what a channel may have in test mode only.
func (c *ChannelSpec) testOnly(o object, mode Mode) {
	for _, name := range []string{"api_url", "script_url", "confirm_window"} {
		if f := o.at(name); !f.absent() && mode != Test {
			f.fail("is for events in test mode only")
		}
	}
	c.APIURL = o.at("api_url").address(true)
	c.ScriptURL = o.at("script_url").address(false)
	c.ConfirmWindow = o.at("confirm_window").duration()
}

// address reads an absolute address: https, or http on this machine.
func (f field) address(hostOnly bool) string {
	w := f.word()
	if w == "" {
		return ""
	}
	u, err := url.Parse(w)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		f.fail("expected an absolute address")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		f.fail("%q must use https, or http on a loopback address", w)
	case hostOnly && (strings.Trim(u.Path, "/") != "" || u.RawQuery != ""):
		f.fail("%q replaces scheme and host only: leave the path out", w)
	}
	return w
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// credentials reads a channel's credentials and resolves their references to the environment.
func credentials(f field, gateway string) (clear, refs map[string]string) {
	clear, refs = map[string]string{}, map[string]string{}
	if gateway == "" { // said already, and nothing to check against
		return clear, refs
	}
	o := f.object(credentialNames[gateway]...)
	for _, name := range slices.Sorted(maps.Keys(o.members)) {
		v := o.members[name]
		written := v.secret(name)
		if written == "" {
			continue
		}
		clear[name] = v.resolve(written)
		if strings.Contains(written, "${") {
			refs[name] = written
		}
	}
	return clear, refs
}

// secret reads a credential; a webhook secret may be a list, the current one first.
func (f field) secret(name string) string {
	if name != "webhook_secret" || f.absent() || f.value().Kind != yaml.SequenceNode {
		return f.word()
	}
	var all []string
	for _, item := range f.items() {
		all = append(all, item.word())
	}
	return strings.Join(all, ",")
}

var reference = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// resolve puts the environment's values in the place of ${NAME}. Values never show up in errors.
func (f field) resolve(written string) string {
	if strings.Count(written, "${") != len(reference.FindAllString(written, -1)) {
		f.fail("a reference is written ${NAME}")
		return ""
	}
	return reference.ReplaceAllStringFunc(written, func(ref string) string {
		name := ref[2 : len(ref)-1]
		value, ok := f.r.getenv(name)
		if !ok || value == "" {
			f.fail("%s is not set: expected the environment variable %s", ref, name)
		}
		return value
	})
}
