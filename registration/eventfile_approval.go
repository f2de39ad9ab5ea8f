package registration

import "go.yaml.in/yaml/v3"

// approval reads a category's key approval.
func approval(f field, evidence string) Approval {
	a := Approval(f.one(string(ApprovalDesk), string(ApprovalBefore), string(ApprovalAfter)))
	if a == ApprovalAfter && evidence == "" {
		f.fail("after needs an evidence to look at: expected evidence: student_id or member_number beside it")
	}
	return a
}

// approvalRules reads the key approval of the file.
func approvalRules(f field) ApprovalRules {
	o := f.object("pay_within", "until")
	return ApprovalRules{PayWithin: o.at("pay_within").duration(), Until: o.at("until").moment(true)}
}

func (w fileWriter) approval() *yaml.Node {
	a := w.event.Approval
	return mapping(
		pair{"pay_within", word(FileDuration(a.PayWithin))},
		pair{"until", w.last(a.Until)},
	)
}
