package handlers

import (
	"fmt"
	"slices"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// gatewayMethods are the ways to pay of each gateway; docs/gateways tells more of them.
var gatewayMethods = map[string]string{
	"toss":      "card virtual_account transfer phone paypal",
	"portonev1": "card virtual_account transfer phone easy_pay paypal",
	"portonev2": "card virtual_account transfer phone easy_pay",
	"bootpay":   "card transfer mobile",
	"allat":     "card virtual_account transfer phone",
	"stripe":    "card",
	"transfer":  "bank_transfer on_site pay_later",
}

// channelFields ask for a channel. A new one says no more than what it is; the rest is asked of what its gateway has.
var channelFields = []setupField{
	{path: "gateway", kind: "choice", of: []string{"", "toss", "portonev2", "portonev1", "bootpay", "allat", "stripe", "transfer"}, on: "new"},
	{path: "currency", kind: "choice", of: []string{"KRW", "USD", "JPY", "EUR"}},
	{path: "cards", kind: "choice", of: []string{"any", "domestic", "overseas"}, on: "toss portonev1 portonev2 bootpay allat stripe"},
	{path: "methods", kind: "ids", of: []string{"@methods"}, on: "toss portonev1 portonev2 bootpay allat stripe transfer"},
	{path: "pg", kind: "word", on: "portonev1 portonev2"}, {path: "pay_method", kind: "word", on: "portonev1 portonev2"},
	{path: "deposit_term", kind: "hours", on: "toss portonev1 portonev2 allat transfer"},
	{path: "account.bank", kind: "word", on: "new transfer"}, {path: "account.number", kind: "word", on: "new transfer"},
	{path: "account.holder", kind: "word", on: "new transfer"},
	{path: "credentials", kind: "secrets", on: "toss portonev1 portonev2 bootpay allat stripe"},
}

// fitting are the fields of a list that one of its items has: of a channel those of its gateway.
func (l setupList) fitting(item registration.FileTree) []setupField {
	gateway := item.Text("gateway")
	if gateway == "" {
		gateway = "new"
	}
	var all []setupField
	for _, f := range l.fields {
		if f.on == "" || slices.Contains(strings.Fields(f.on), gateway) {
			all = append(all, f)
		}
	}
	return all
}

// channelTitle names a channel by its gateway and the ways to pay that it has, so that two of one gateway can be told apart.
func (p *setupForm) channelTitle(item registration.FileTree) string {
	chosen, gateway := item.Words("methods"), item.Text("gateway")
	var names []string
	if gateway != "transfer" || len(chosen) == 0 {
		names = append(names, views.T(p.lang, "setup.choice.channels.gateway."+gateway))
	}
	for _, o := range p.methodsOf(item) {
		if slices.Contains(chosen, o.Value) {
			names = append(names, o.Label)
		}
	}
	return strings.Join(names, " · ")
}

// methodsOf are the ways to pay that a channel can have.
func (p *setupForm) methodsOf(item registration.FileTree) []views.SetupOption {
	var all []views.SetupOption
	names := strings.Fields(gatewayMethods[item.Text("gateway")])
	for _, stored := range item.Words("methods") {
		if !slices.Contains(names, stored) {
			names = append(names, stored)
		}
	}
	for _, name := range names {
		label, key := name, "setup.method."+name
		if views.Has(p.lang, key) {
			label = views.T(p.lang, key)
		}
		all = append(all, views.SetupOption{Value: name, Label: label})
	}
	return all
}

// newChannel gives a new channel the method that it has when it has no cards.
func newChannel(item registration.FileTree) {
	if item.Text("gateway") == "transfer" {
		item.SetWords("methods", []string{"bank_transfer"})
	}
}

// keyHint says whether a key is stored, and by which reference of the event file it came. The key itself is never shown.
func (p *setupForm) keyHint(item registration.FileTree, name string) string {
	if ref := item.Text("credentials." + name); ref != "" {
		return views.T(p.lang, "setup.key.ref", "ref", ref)
	}
	if slices.Contains(p.kept[item.Text("id")], name) {
		return views.T(p.lang, "setup.key.set")
	}
	return views.T(p.lang, "setup.key.missing")
}

// takeSecret notes a key that was typed. It never goes into the file.
func (p *setupForm) takeSecret(name string) {
	value := ""
	if all := p.posted[name]; len(all) > 0 {
		value = cleaned(all[0][:min(len(all[0]), maxSetupText)], registration.CleanLine)
	}
	switch {
	case value == "":
	case strings.Contains(value, badText):
		p.wrong(name, "form.text")
	case strings.Contains(value, "${"):
		p.wrong(name, "setup.key.no_ref")
	default:
		p.secrets[name] = value
	}
}

// putSecrets puts the keys that were typed into the channels; those that were left empty stay as they are stored.
func (p *setupForm) putSecrets(all []registration.ChannelSpec) {
	for i, row := range p.rows["channels"] {
		for _, name := range registration.CredentialNames(all[i].Gateway) {
			if value := p.secrets[fmt.Sprintf("channels.%d.credentials.%s", row, name)]; value != "" {
				all[i].Credentials[name] = value
				delete(all[i].Refs, name)
			}
		}
	}
}

// channelControl finds what a gateway does not like about a channel: the control that its complaint names.
func (p *setupForm) channelControl(path, complaint string) string {
	for _, name := range p.names {
		if rest, ok := strings.CutPrefix(name, path+"."); ok && strings.Contains(complaint, " "+rest[strings.LastIndex(rest, ".")+1:]+" ") {
			return name
		}
	}
	return path
}
