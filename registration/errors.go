package registration

import "fmt"

// Code says what kind of failure an Error is; HTTP and command-line callers switch on it.
type Code string

// The kinds of failure.
const (
	CodeInvalid     Code = "invalid"     // the input is wrong; Key says what to do
	CodeNotFound    Code = "not_found"   // no such thing, or not for this caller
	CodeConflict    Code = "conflict"    // the thing has moved on meanwhile
	CodeFull        Code = "full"        // no places left
	CodeClosed      Code = "closed"      // registration is not open
	CodeUnavailable Code = "unavailable" // busy right now; trying again later is right
)

// Error is a failure that the visitor may be told about. Any other error is internal.
type Error struct {
	Code Code
	Key  string // message key for translation, such as "register.full"
	Err  error  // cause, for the log only; may be nil
}

// Error writes code, key and cause, for logs.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s (%s)", e.Code, e.Key)
	}
	return fmt.Sprintf("%s (%s): %v", e.Code, e.Key, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Fail makes an Error without a cause.
func Fail(code Code, key string) *Error { return &Error{Code: code, Key: key} }
