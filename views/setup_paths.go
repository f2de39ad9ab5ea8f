package views

// ConsoleNewPath is where an event is made.
const ConsoleNewPath = ConsolePath + "/new"

// SetupPath is the address of a topic of an event's setup.
func SetupPath(event, topic string) string { return consoleOf(event) + "/setup/" + topic }

// SetupLeftoversPath lists what still says last year.
func SetupLeftoversPath(event string) string { return consoleOf(event) + "/leftovers" }

// ClearingPath is where all orders of a cancelled event are cancelled with all their money back.
func ClearingPath(event string) string { return "/admin/" + event + "/clearing" }
