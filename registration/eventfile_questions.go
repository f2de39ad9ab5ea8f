package registration

import (
	"slices"
)

// questions reads the key questions, once the event's categories are known.
func questions(f field, e *Event) []Question {
	var all []Question
	seen := map[string]string{}
	for _, item := range f.items() {
		q := question(item, e, all)
		item.object(questionKeys...).at("id").once(seen, q.ID, "another question")
		all = append(all, q)
	}
	return all
}

var questionKeys = []string{"id", "label", "hint", "kind", "per", "required", "options", "min", "max", "if", "categories"}

// question reads one question; earlier are those before it, which its condition may name.
func question(item field, e *Event, earlier []Question) Question {
	o := item.object(questionKeys...)
	q := Question{
		ID: o.at("id").id(), Label: o.need("label").sentence(), Hint: o.at("hint").sentence(), Required: o.at("required").yes(),
		Kind: QuestionKind(o.need("kind").one(string(AskText), string(AskNumber), string(AskChoice), string(AskMany), string(AskDate),
			string(AskCountry), string(AskPhone), string(AskFile))),
		Per: Per(o.at("per").one(string(PerPerson), string(PerOrder))), Categories: o.at("categories").among(used(e.Categories, nil), "a category"),
	}
	q.Options = options(o.at("options"))
	choose := q.Kind == AskChoice || q.Kind == AskMany
	switch {
	case choose && len(q.Options) < 2:
		o.at("options").fail("expected at least two options")
	case !choose && len(q.Options) > 0:
		o.at("options").fail("are for choice and many only")
	}
	q.limits(o)
	q.If = condition(o.at("if"), earlier)
	return q
}

// limits reads min and max, which mean something for numbers, choices of many and texts.
func (q *Question) limits(o object) {
	limited := q.Kind == AskNumber || q.Kind == AskMany
	if m := o.at("min"); !m.absent() {
		if !limited {
			m.fail("is for number and many only")
		}
		q.Min = m.whole(0, maxAnswerNumber)
	}
	if m := o.at("max"); !m.absent() {
		switch {
		case q.Kind == AskText:
			q.Max = m.whole(1, 4*maxAnswerText)
		case limited:
			q.Max = m.whole(1, maxAnswerNumber)
		default:
			m.fail("is for number, many and text only")
		}
	}
	if q.Max > 0 && q.Min > q.Max {
		o.at("max").fail("is less than min")
	}
	if q.Kind == AskMany && q.Min > int64(len(q.Options)) {
		o.at("min").fail("is more than there are options")
	}
}

func options(f field) []Option {
	var all []Option
	seen := map[string]string{}
	for _, item := range f.items() {
		o := item.object("id", "label", "places")
		opt := Option{ID: o.at("id").id(), Label: o.need("label").names()}
		o.at("id").once(seen, opt.ID, "another option")
		if p := o.at("places"); !p.absent() {
			opt.Places = p.whole(1, 1_000_000)
		}
		all = append(all, opt)
	}
	return all
}

// condition reads when a question is asked: only earlier questions with options can be named, so that there is no circle.
func condition(f field, earlier []Question) *Condition {
	if f.absent() {
		return nil
	}
	o := f.object("question", "is")
	c := &Condition{Question: o.need("question").word()}
	i := slices.IndexFunc(earlier, func(q Question) bool { return q.ID == c.Question })
	if i < 0 || len(earlier[i].Options) == 0 {
		o.at("question").fail("%q is not an earlier question with options", c.Question)
		return c
	}
	known := map[string]string{}
	for _, opt := range earlier[i].Options {
		known[opt.ID] = "an option"
	}
	c.Is = o.need("is").among(known, "an option of "+c.Question)
	return c
}

// optionQuotas are the quotas of options with places, beside those of the key quotas.
func optionQuotas(e *Event) []Quota {
	var all []Quota
	for _, q := range e.Questions {
		for _, o := range q.Options {
			if o.Places > 0 {
				id := OptionQuota(q.ID, o.ID)
				all = append(all, Quota{ID: id, Places: o.Places, Of: []string{id}})
			}
		}
	}
	return all
}
