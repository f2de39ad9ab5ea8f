package handlers

import (
	"cmp"
	"slices"
	"strings"

	"foyer/registration"
)

// whenOf are the boxes of a condition as it is stored: its question with each of its options.
func whenOf(item registration.FileTree, path string) []string {
	on := item.Text(path + ".question")
	var all []string
	for _, is := range item.Words(path + ".is") {
		all = append(all, registration.OptionQuota(on, is))
	}
	return all
}

// takeWhen makes a condition of the boxes that were ticked; a condition is about one question.
func (p *setupForm) takeWhen(item registration.FileTree, path, name string) {
	on, is := "", []string(nil)
	for _, value := range p.chosen(name) {
		question, option, _ := strings.Cut(value, ".")
		if on != "" && on != question {
			p.wrong(name, "setup.when.one")
			return
		}
		on, is = question, append(is, option)
	}
	item.Set(path+".question", on)
	item.SetWords(path+".is", is)
}

// takeLines makes new items of the lines of an area: a name in Korean, one in English and a number of places, parted by bars. One name alone
// is for both languages.
func (p *setupForm) takeLines(l setupList, name string, taken map[string]bool) []registration.FileTree {
	var all []registration.FileTree
	for line := range strings.SplitSeq(p.typed(name+".more"), "\n") {
		parts := strings.Split(strings.ReplaceAll(line, "｜", "|"), "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if strings.TrimSpace(strings.Join(parts, "")) == "" {
			continue
		}
		if len(parts) > 3 || len(all) == mostRows {
			p.wrong(name+".more", "setup.lines")
			return nil
		}
		parts = append(parts, "", "")
		item := registration.NewFileTree()
		item.Set("id", newID(taken, cmp.Or(parts[1], parts[0]), l.one()))
		if slices.Contains(parts[:2], "") { // one for both
			item.Set("label", parts[0]+parts[1])
		} else {
			item.Set("label.ko", parts[0])
			item.Set("label.en", parts[1])
		}
		item.Set("places", strings.ReplaceAll(strings.Map(narrow, parts[2]), ",", ""))
		all = append(all, item)
	}
	return all
}
