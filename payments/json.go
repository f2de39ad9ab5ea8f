package payments

import (
	"encoding/json"
	"errors"
)

// Number is the literal text of a JSON number, empty for null or when it is missing: an amount is read from what was written, never by way
// of a float.
type Number string

// UnmarshalJSON takes a number as it was written; anything but a number or null is an error.
func (n *Number) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
	case b[0] == '-' || (b[0] >= '0' && b[0] <= '9'):
		*n = Number(b)
	default:
		return errors.New("a number is something else")
	}
	return nil
}

// Text is a JSON string, empty for anything else: what is only told does not make an answer worthless.
type Text string

// UnmarshalJSON takes a string and ignores everything else.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = Text(s)
	}
	return nil
}

// Loose is a member of a JSON object that is read only when it has the expected shape; see Member.
type Loose = json.RawMessage

// Member reads a loose member as T; the zero T when it is missing or has another shape.
func Member[T any](l Loose) T {
	var v, none T
	if len(l) == 0 || json.Unmarshal(l, &v) != nil {
		return none
	}
	return v
}
