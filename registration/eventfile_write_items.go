package registration

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// phases leaves the key out for the one phase that an event has without it.
func (w fileWriter) phases() *yaml.Node {
	all := w.event.Phases
	if len(all) == 1 && all[0] == (Phase{ID: "regular", Name: phaseNames["regular"]}) {
		return nil
	}
	return each(all, func(p Phase) *yaml.Node {
		usual, ok := phaseNames[p.ID]
		if !ok {
			usual = Text{Ko: p.ID, En: p.ID}
		}
		name := p.Name
		if name == usual {
			name = Text{}
		}
		return mapping(
			pair{"id", word(p.ID)},
			pair{"name", text(name)},
			pair{"until", w.last(p.Until)},
		)
	})
}

func (w fileWriter) category(c Category) *yaml.Node {
	var prices []pair
	for _, p := range w.event.Phases {
		prices = append(prices, pair{p.ID, amounts(c.Prices[p.ID])})
	}
	return mapping(
		pair{"id", word(c.ID)},
		pair{"name", text(c.Name)},
		pair{"note", text(c.Note)},
		pair{"evidence", word(c.Evidence)},
		pair{"approval", word(string(c.Approval))},
		pair{"hidden", yes(c.Hidden)},
		pair{"prices", mapping(prices...)},
	)
}

func (w fileWriter) extra(x Extra) *yaml.Node {
	return mapping(
		pair{"id", word(x.ID)},
		pair{"name", text(x.Name)},
		pair{"note", text(x.Note)},
		pair{"price", amounts(x.Price)},
		pair{"max", beyond(int64(x.Max), maxExtra)},
		pair{"categories", words(x.Categories)},
	)
}

// quota leaves out those that options with places have of their own.
func (w fileWriter) quota(q Quota) *yaml.Node {
	if strings.Contains(q.ID, ".") {
		return nil
	}
	return mapping(
		pair{"id", word(q.ID)},
		pair{"places", whole(q.Places)},
		pair{"of", words(q.Of)},
	)
}

func (w fileWriter) question(q Question) *yaml.Node {
	var when *yaml.Node
	if q.If != nil {
		when = mapping(pair{"question", word(q.If.Question)}, pair{"is", words(q.If.Is)})
	}
	return mapping(
		pair{"id", word(q.ID)},
		pair{"label", text(q.Label)},
		pair{"hint", text(q.Hint)},
		pair{"kind", word(string(q.Kind))},
		pair{"per", unless(string(q.Per), string(PerPerson))},
		pair{"required", yes(q.Required)},
		pair{"options", each(q.Options, func(o Option) *yaml.Node {
			return mapping(pair{"id", word(o.ID)}, pair{"label", text(o.Label)}, pair{"places", number(o.Places)})
		})},
		pair{"min", number(q.Min)},
		pair{"max", number(q.Max)},
		pair{"if", when},
		pair{"categories", words(q.Categories)},
	)
}

func (w fileWriter) voucher(v Voucher) *yaml.Node {
	return mapping(
		pair{"code", word(v.Code)},
		pair{"percent", number(v.Percent)},
		pair{"off", amounts(v.Off)},
		pair{"fixed", amounts(v.Fixed)},
		pair{"uses", number(v.Uses)},
		pair{"per_person", number(v.PerPerson)},
		pair{"from", w.first(v.From)},
		pair{"until", w.last(v.Until)},
		pair{"scope", words(v.Scope)},
		pair{"reveals", words(v.Reveals)},
		pair{"reserves", number(v.Reserves)},
		pair{"note", word(v.Note)},
	)
}

func (w fileWriter) refunds() *yaml.Node {
	p := w.event.Refunds
	var own []pair
	for _, c := range w.event.Categories {
		steps, has := p.ByCategory[c.ID]
		node := each(steps, w.refundStep)
		if has && node == nil {
			node = &yaml.Node{Kind: yaml.SequenceNode} // nothing goes back, which is not the same as no rule
		}
		own = append(own, pair{c.ID, node})
	}
	return mapping(
		pair{"steps", each(p.Steps, w.refundStep)},
		pair{"categories", mapping(own...)},
		pair{"fee", amounts(p.Fee)},
	)
}

func (w fileWriter) refundStep(s RefundStep) *yaml.Node {
	return mapping(pair{"until", w.last(s.Until)}, pair{"percent", whole(s.Percent)})
}

func (w fileWriter) papers() *yaml.Node {
	p := w.event.Papers
	return mapping(
		pair{"categories", words(p.Categories)},
		pair{"needed", words(p.Needed)},
		pair{"per_registration", beyond(p.PerRegistration, 1)},
		pair{"extra_paper", word(p.ExtraPaper)},
		pair{"extra_page", word(p.ExtraPage)},
		pair{"deadline", w.last(p.Deadline)},
	)
}

var onlyReferences = regexp.MustCompile(`^(\$\{[A-Za-z_][A-Za-z0-9_]*\},?)+$`)

// OnlyReferences reports whether a credential is written as references and nothing else, so that anybody may read it.
func OnlyReferences(written string) bool { return onlyReferences.MatchString(written) }

func (w fileWriter) channel(c ChannelSpec) *yaml.Node {
	methods := c.Methods
	if len(methods) == 1 && methods[0] == "card" {
		methods = nil
	}
	var credentials []pair
	for _, name := range credentialNames[c.Gateway] {
		if ref := c.Refs[name]; OnlyReferences(ref) {
			credentials = append(credentials, pair{name, word(ref)})
		}
	}
	return mapping(
		pair{"id", word(c.ID)},
		pair{"gateway", word(c.Gateway)},
		pair{"currency", word(string(c.Currency))},
		pair{"cards", unless(c.Cards, "any")},
		pair{"methods", words(methods)},
		pair{"credentials", mapping(credentials...)},
		pair{"api_url", word(c.APIURL)},
		pair{"script_url", word(c.ScriptURL)},
		pair{"confirm_window", word(FileDuration(c.ConfirmWindow))},
		pair{"pg", word(c.PG)},
		pair{"pay_method", word(c.PayMethod)},
		pair{"deposit_term", word(FileDuration(c.DepositTerm))},
		pair{"account", mapping(
			pair{"bank", word(c.Account.Bank)},
			pair{"number", word(c.Account.Number)},
			pair{"holder", word(c.Account.Holder)},
		)},
	)
}
