package views

import "net/url"

// Addresses of the staff pages that belong to no event.
const (
	SignInPath = "/sign-in"
	// SignInLinkPath shows a one-time link (GET with token) and signs in with it (POST).
	SignInLinkPath = "/sign-in/link"
	SignOutPath    = "/sign-out" // POST only
	ConsolePath    = "/console"
)

// ConsoleOrdersPath is the address of an event's list of orders.
func ConsoleOrdersPath(event string) string { return consoleOf(event) + "/orders" }

// ConsoleAttentionPath is the address of an event's attention list.
func ConsoleAttentionPath(event string) string { return consoleOf(event) + "/attention" }

// ConsoleClosePath is where an entry about money that no payment of ours stands for is closed, with a reason.
func ConsoleClosePath(event, entry string) string {
	return ConsoleAttentionPath(event) + "/" + url.PathEscape(entry)
}

// ConsoleAuditPath is the address of an event's audit log.
func ConsoleAuditPath(event string) string { return consoleOf(event) + "/audit" }

// ConsoleExportPath is the address of the export of exactly the orders that f finds; format is xlsx, csv or json.
func ConsoleExportPath(event string, f OrderFilter, format string) string {
	q := f.Values()
	q.Set("format", format)
	return consoleOf(event) + "/export?" + q.Encode()
}

// ConsolePeoplePath is the address of the export of the people of these orders, one row each; format is xlsx or csv.
func ConsolePeoplePath(event string, f OrderFilter, format string) string {
	return ConsoleExportPath(event, f, format) + "&list=people"
}

// AdminOrderPath is the address of the staff's page of an order.
func AdminOrderPath(event, code string) string {
	return "/admin/" + url.PathEscape(event) + "/orders/" + url.PathEscape(code)
}

// AdminRefundPath is where the first step of a refund is posted; its answer is the second step.
func AdminRefundPath(event, code, payment string) string {
	return AdminOrderPath(event, code) + "/refund/" + url.PathEscape(payment)
}

// AdminRefundConfirmPath is where the second step of a refund is posted. This is the one that moves money.
func AdminRefundConfirmPath(event, code, payment string) string {
	return AdminRefundPath(event, code, payment) + "/confirm"
}

// AdminCancelPath is where the first step of a cancellation is posted; its answer is the second step.
func AdminCancelPath(event, code string) string { return AdminOrderPath(event, code) + "/cancel" }

// AdminCancelConfirmPath is where the second step of a cancellation is posted. This is the one that ends the order.
func AdminCancelConfirmPath(event, code string) string {
	return AdminCancelPath(event, code) + "/confirm"
}

// AdminLinkPath is where the attendee's address is ended and a new one mailed.
func AdminLinkPath(event, code string) string { return AdminOrderPath(event, code) + "/link" }

// AdminChangePath is where staff change what somebody has; its answer to a post is the second step, which is posted to /confirm behind it.
func AdminChangePath(event, code, registration string) string {
	return AdminOrderPath(event, code) + "/change/" + url.PathEscape(registration)
}

// AdminDetailsPath is where staff correct what somebody has told, or, with AdminWholeOrder, the answers that are given once for the order.
func AdminDetailsPath(event, code, registration string) string {
	return AdminOrderPath(event, code) + "/details/" + url.PathEscape(registration)
}

// AdminMailPath is where a mail about an order is sent again.
func AdminMailPath(event, code string) string { return AdminOrderPath(event, code) + "/mail" }

// AdminLookupPath is where a new look-up of a payment is asked for.
func AdminLookupPath(event, code, payment string) string {
	return AdminOrderPath(event, code) + "/lookup/" + url.PathEscape(payment)
}

// AdminClosePath is where an entry of the attention list is closed, with a reason.
func AdminClosePath(event, code, entry string) string {
	return AdminOrderPath(event, code) + "/attention/" + url.PathEscape(entry)
}

// ChannelsPath is the address of an event's channels.
func ChannelsPath(event string) string { return "/admin/" + url.PathEscape(event) + "/channels" }

// ChannelPath is the address of one channel.
func ChannelPath(event, channel string) string {
	return ChannelsPath(event) + "/" + url.PathEscape(channel)
}

// ChannelReconcilePath is where a day of a channel is compared with its gateway's books.
func ChannelReconcilePath(event, channel string) string {
	return ChannelPath(event, channel) + "/reconcile"
}

// ChannelUploadPath is where a settlement file is posted; its answer asks for the columns.
func ChannelUploadPath(event, channel string) string {
	return ChannelReconcilePath(event, channel) + "/file"
}

// ChannelColumnsPath is where a settlement file's columns are posted; its answer is the comparison.
func ChannelColumnsPath(event, channel string) string {
	return ChannelReconcilePath(event, channel) + "/columns"
}

// ChannelKeysPath is where a channel's keys are replaced.
func ChannelKeysPath(event, channel string) string { return ChannelPath(event, channel) + "/keys" }

// ChannelTestPath is where a test call is asked for.
func ChannelTestPath(event, channel string) string { return ChannelPath(event, channel) + "/test" }

// ChannelCheckPath is where a go-live check is begun.
func ChannelCheckPath(event, channel string) string { return ChannelPath(event, channel) + "/check" }

func consoleOf(event string) string { return ConsolePath + "/" + url.PathEscape(event) }

func publicOf(event string) string { return "/e/" + url.PathEscape(event) }

// ConsoleVouchersPath is the address of an event's codes.
func ConsoleVouchersPath(event string) string { return consoleOf(event) + "/vouchers" }

// ConsoleVouchersBatchPath is the address of the codes that were made together.
func ConsoleVouchersBatchPath(event, batch string) string {
	return ConsoleVouchersPath(event) + "?" + url.Values{"batch": {batch}}.Encode()
}

// ConsoleVouchersCSVPath is the address of the same codes as a table; batch "" for all of them.
func ConsoleVouchersCSVPath(event, batch string) string {
	return ConsoleVouchersPath(event) + ".csv?" + url.Values{"batch": {batch}}.Encode()
}
