package registration

// personForm reads the key person. What has its default is kept as the zero value.
func personForm(f field) PersonForm {
	o := f.object("passport_name", "affiliation", "affiliation_en", "title", "country", "phone", "badge_name", "verify_phone")
	ask := func(name string, usual Ask) Ask {
		of := []string{string(AskNot), string(AskIfWanted), string(AskAlways)}
		if m := o.at(name); !m.absent() {
			if a := Ask(m.one(of...)); a != usual {
				return a
			}
		}
		return ""
	}
	made := PersonForm{
		PassportName: ask("passport_name", AskNot), Affiliation: ask("affiliation", AskIfWanted), AffiliationEn: ask("affiliation_en", AskNot),
		Title: ask("title", AskNot), Country: ask("country", AskNot), Phone: ask("phone", AskNot), BadgeName: ask("badge_name", AskNot),
		VerifyPhone: o.at("verify_phone").yes(),
	}
	if made.VerifyPhone && made.Phone == "" {
		o.at("verify_phone").fail("needs phone: optional or phone: required")
	}
	return made
}

// maxGroup is the most people that a file may allow in one order.
const maxGroup = 500

// groupRules reads the key groups.
func groupRules(f field) Groups {
	if f.absent() {
		return Groups{}
	}
	o := f.object("max", "replace")
	return Groups{Max: int(o.need("max").whole(2, maxGroup)), Replace: o.at("replace").moment(true)}
}
