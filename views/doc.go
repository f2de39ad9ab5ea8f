// Package views renders Foyer's pages: one plain struct and one templ component per page, in Korean and English.
//
// Pages know no database and no HTTP. Handlers fill the structs with plain data; money and times are formatted here.
// Every page works without script, with the one exception of the gateways' own payment windows.
package views
