package views

// FindPath is where somebody asks for the links of a registration by mail.
const FindPath = "/find"

// EventPath is the address of an event's page.
func EventPath(event string) string { return publicOf(event) }

// RegisterPath is the address of the first page of the registration form: category and extras.
func RegisterPath(event string) string { return publicOf(event) + "/register" }

// RegisterPersonPath is the address of the second page: the person.
func RegisterPersonPath(event string) string { return RegisterPath(event) + "/person" }

// RegisterPhonePath is the address between them where the event has telephones proved: the code.
func RegisterPhonePath(event string) string { return RegisterPath(event) + "/phone" }

// RegisterCheckPath is the address of the third page: answers and consents. The order is made there.
func RegisterCheckPath(event string) string { return RegisterPath(event) + "/check" }

// PrivacyPath is the address of an event's privacy notice.
func PrivacyPath(event string) string { return publicOf(event) + "/privacy" }

// TermsPath is the address of an event's terms.
func TermsPath(event string) string { return publicOf(event) + "/terms" }
