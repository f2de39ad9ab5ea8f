package handlers

import (
	"strconv"
	"strings"

	"foyer/registration"
)

// noSteps is what stands for a category that gets nothing back.
const noSteps = "0"

// stepsOf are the shares by date of a category, one a line.
func stepsOf(item registration.FileTree, path string) string {
	var all []string
	for _, step := range item.Items(path) {
		all = append(all, strings.Replace(step.Text("until"), "T", " ", 1)+" "+step.Text("percent")+"%")
	}
	if len(all) == 0 && item.Has(path) {
		return noSteps
	}
	return strings.Join(all, "\n")
}

// takeSteps makes the shares by date of a category out of lines: a day or a moment, and behind it the share. No line leaves the category
// under the rule for everybody.
func (p *setupForm) takeSteps(item registration.FileTree, path, name string) {
	text := strings.Map(narrow, p.typed(name))
	if strings.TrimSuffix(text, "%") == noSteps {
		item.SetNone(path)
		return
	}
	var all []registration.FileTree
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Fields(strings.ReplaceAll(line, "%", ""))
		if len(words) == 0 {
			continue
		}
		if share, err := strconv.Atoi(words[len(words)-1]); err != nil || share < 0 || share > 100 || len(words) == 1 {
			p.wrong(name, "setup.steps.line")
			continue
		}
		step := registration.NewFileTree()
		step.Set("until", momentTyped(strings.Join(words[:len(words)-1], " ")))
		step.Set("percent", words[len(words)-1])
		all = append(all, step)
	}
	item.SetItems(path, all)
}
