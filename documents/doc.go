// Package documents makes what people keep: receipts as PDF, lists as XLSX and CSV, QR codes and calendar files.
//
// Everything here is a plain function of its input: no clock, no network, no database, and the same input gives the same bytes.
// The only thing kept between calls is the receipt font, which is read once per process.
package documents
