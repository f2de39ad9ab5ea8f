package registration

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// EventFile is what an organizer's YAML file describes: the event, and the payment channels with their credentials.
type EventFile struct {
	Event    Event
	Channels []ChannelSpec // in the order of Event.Channels
}

// ChannelSpec is one payment channel as the file describes it. Credentials are in the clear.
type ChannelSpec struct {
	ChannelOffer
	Line          int               // of the file, for what is only found out later
	Credentials   map[string]string // by name, references resolved; a name that the file leaves out is not here
	Refs          map[string]string // by name, as written, such as ${TOSS_SECRET_KEY}; only those that hold a reference
	PG            string            // PortOne: which company behind it
	PayMethod     string            // PortOne: its own word for the method
	Account       BankAccount       // transfer: the society's own
	DepositTerm   time.Duration     // how long an account waits for its deposit; 0 = the gateway's own term
	APIURL        string            // test mode only: scheme and host that replace the gateway's
	ScriptURL     string            // test mode only: the browser script's address
	ConfirmWindow time.Duration     // test mode only: stands for the gateway's last confirm time; 0 = the gateway's own
}

// FileProblem is one thing that is wrong with an event file.
type FileProblem struct {
	Line int    // counted from 1; 0 when it is not about one line
	Path string // of the value, such as categories[0].prices.early.KRW; "" when it is about the file as a whole
	Text string // the whole sentence, with the path
	Say  string // the sentence without its values, as fmt takes it; pages translate it
	Args []any  // its values
}

// FileError says everything that is wrong with an event file, in the order of its lines.
type FileError struct {
	Name     string
	Problems []FileProblem
}

// Error writes one line per problem: file, line and what was expected.
func (e *FileError) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		if p.Line > 0 {
			fmt.Fprintf(&b, "%s:%d: %s", e.Name, p.Line, p.Text)
		} else {
			fmt.Fprintf(&b, "%s: %s", e.Name, p.Text)
		}
	}
	return b.String()
}

// ParseEventFile reads an event file. name is what its errors call the file; getenv resolves the ${NAME} references of credentials.
//
// It is strict: an unknown key is an error, and so is every value that does not fit. The error is a *FileError with all the problems
// at once. The event has no ID yet.
func ParseEventFile(name string, data []byte, getenv func(string) (string, bool)) (EventFile, error) {
	r := &fileReader{getenv: getenv, location: time.UTC}
	file := r.read(data)
	if len(r.problems) == 0 {
		return file, nil
	}
	slices.SortStableFunc(r.problems, func(a, b FileProblem) int { return a.Line - b.Line })
	return EventFile{}, &FileError{Name: name, Problems: r.problems}
}

// fileReader walks a file's nodes and collects what is wrong with them.
type fileReader struct {
	getenv   func(string) (string, bool)
	location *time.Location // of the event, as soon as it is known
	problems []FileProblem
}

func (r *fileReader) fail(line int, path, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if path != "" {
		text = path + ": " + text
	}
	if slices.ContainsFunc(r.problems, func(p FileProblem) bool { return p.Line == max(line, 1) && p.Text == text }) {
		return // a value that was looked at twice
	}
	r.problems = append(r.problems, FileProblem{Line: max(line, 1), Path: path, Text: text, Say: format, Args: args})
}

// fileKeys are the keys of a file.
var fileKeys = []string{
	"event",
	"organizer",
	"registration",
	"phases",
	"categories",
	"extras",
	"quotas",
	"vouchers",
	"questions",
	"person",
	"groups",
	"refund_policy",
	"changes",
	"texts",
	"consents",
	"papers",
	"waiting_list", "approval",
	"channels",
}

// read makes the event of a whole file. What it gives is only good when no problem was found.
func (r *fileReader) read(data []byte) EventFile {
	root, ok := r.document(data)
	if !ok {
		return EventFile{}
	}
	top := root.object(fileKeys...)
	e := r.event(top.need("event"))
	e.Organizer = organizer(top.at("organizer"))
	e.Opens, e.Closes, e.Unpaid = r.window(top.at("registration"))
	e.Phases = phases(top.at("phases"))
	begins(top, &e)
	e.Categories = categories(top.need("categories"), &e)
	e.Extras = extras(top.at("extras"), &e)
	e.Questions = questions(top.at("questions"), &e)
	e.Quotas = append(quotas(top.at("quotas"), &e), optionQuotas(&e)...)
	e.Vouchers = vouchers(top.at("vouchers"), &e)
	e.Refunds = refundPolicy(top.at("refund_policy"), &e)
	e.Changes = changes(top.at("changes"))
	e.Person = personForm(top.at("person"))
	e.Groups = groupRules(top.at("groups"))
	e.Papers = papers(top.at("papers"), &e)
	e.Waiting = waitingList(top.at("waiting_list"))
	e.Texts = texts(top.at("texts"))
	e.Consents = consents(top.at("consents"))
	e.Approval = approvalRules(top.at("approval"))
	specs := channels(top.at("channels"), &e)
	for _, c := range specs {
		e.Channels = append(e.Channels, c.ChannelOffer)
	}
	if len(specs) == 0 && !free(&e) {
		top.at("channels").fail("at least one is needed, because there are prices above 0")
	}
	return EventFile{Event: e, Channels: specs}
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

// document reads the file's only YAML document.
func (r *fileReader) document(data []byte) (field, bool) {
	d := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) || (err == nil && len(doc.Content) != 1) {
		r.fail(1, "", "the file is empty: expected an event")
		return field{}, false
	}
	if err == nil {
		if err = d.Decode(&more); errors.Is(err, io.EOF) {
			return field{r: r, node: doc.Content[0], line: 1}, true
		}
		if err == nil {
			r.fail(more.Line, "", "a second document begins here: expected one event per file")
			return field{}, false
		}
	}
	line, text := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1]) // digits, by the expression
		text = text[len(m[0]):]
	}
	r.fail(line, "", "not YAML: %s", strings.TrimPrefix(text, "yaml: "))
	return field{}, false
}

// free reports whether nothing of the event costs anything.
func free(e *Event) bool {
	paid := func(p Prices) bool {
		for _, v := range p {
			if v > 0 {
				return true
			}
		}
		return false
	}
	for _, c := range e.Categories {
		for _, p := range c.Prices {
			if paid(p) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(e.Extras, func(x Extra) bool { return paid(x.Price) })
}
