package handlers

import (
	"context"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// papers reads the numbers of the papers that a person of a list covers. Whether they are listed and free is looked at later.
func (r *listReader) papers(p *groupPerson, c listColumn, text string) {
	numbers, bad := registration.PaperNumbers(text)
	switch {
	case strings.Contains(text, badText):
		r.wrong(p.Row, r.title(c), "form.text")
	case registration.HoldsCardNumber(text):
		r.wrong(p.Row, r.title(c), "form.nocard")
	case bad != "":
		r.wrong(p.Row, r.title(c), "papers.bad", "text", clipped(bad, 40))
	}
	p.Papers = numbers
}

// member reads the member number of a person of a list. It may be left out: people send theirs by their own link.
func (r *listReader) member(p *groupPerson, c listColumn, text string) {
	number, wrong := memberNumber(form{"member_number": {text}})
	if wrong != "" {
		r.wrong(p.Row, r.title(c), wrong)
	}
	p.Proof.Number = number
}

// groupProofs lists what is wrong with the papers and member numbers of a group, as the form for one person tells it.
func (s *Server) groupProofs(ctx context.Context, l registration.Lang, e *registration.Event, g *groupDraft) (list []views.ListProblem, err error) {
	papers, numbers := map[string]int{}, map[string]int{}
	for i := range g.People {
		p := &g.People[i]
		wrong, err := s.groupPapers(ctx, e, p, papers)
		if err != nil {
			return nil, err
		}
		for _, x := range wrong {
			list = append(list, views.ListProblem{Row: p.Row, Column: columnName(l, e, listColumn{kind: columnPapers}), Key: x.Key, Args: x.Args})
		}
		key, args, err := s.groupMember(ctx, e, p, numbers)
		if err != nil {
			return nil, err
		}
		if key != "" {
			list = append(list, views.ListProblem{Row: p.Row, Column: columnName(l, e, listColumn{kind: columnMember}), Key: key, Args: args})
		}
	}
	return list, nil
}

// groupPapers checks the papers of one person; seen are the rows of those before.
func (s *Server) groupPapers(ctx context.Context, e *registration.Event, p *groupPerson, seen map[string]int) ([]views.Problem, error) {
	if !e.Papers.Covers(p.Cart.Category) {
		if len(p.Papers) > 0 {
			return []views.Problem{{Key: "group.papers.none"}}, nil
		}
		return nil, nil
	}
	choice, err := s.papersOf(ctx, e, &draft{Cart: p.Cart, Papers: p.Papers})
	if err != nil {
		return nil, err
	}
	for _, n := range p.Papers {
		if row := seen[n]; row > 0 {
			return []views.Problem{{Key: "group.papers.twice", Args: []any{"number", n, "row", int64(row)}}}, nil
		}
		seen[n] = p.Row
	}
	return choice.problems, nil
}

// groupMember checks the member number of one person, where the category asks for one; seen are the rows of those before.
func (s *Server) groupMember(ctx context.Context, e *registration.Event, p *groupPerson, seen map[string]int) (key string, args []any, err error) {
	if e.Category(p.Cart.Category).Wants() != registration.EvidenceMemberNumber {
		p.Proof.Number = ""
	}
	if p.Proof.Number == "" {
		return "", nil, nil
	}
	number := registration.MemberKey(p.Proof.Number)
	if row := seen[number]; row > 0 {
		return "group.member.twice", []any{"row", int64(row)}, nil
	}
	seen[number] = p.Row
	err = s.cfg.Store.MemberFits(ctx, e.ID, p.Proof.Number, p.Person.Name)
	if isCode(err, registration.CodeInvalid) {
		return "group.member.wrong", nil, nil
	}
	return "", nil, err
}

// papersText are the papers of a person of a group, in one line.
func (p *groupPerson) papersText() string { return strings.Join(p.Papers, ", ") }
