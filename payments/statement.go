package payments

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"foyer/registration"
)

// StatementField is something that a column of a settlement file may hold.
type StatementField string

// The fields of a settlement file. A file must have an amount, and one of the three numbers.
const (
	StatementAmount    StatementField = "amount"
	StatementRefund    StatementField = "refund" // amount given back, in a column of its own
	StatementKind      StatementField = "kind"   // a word that says whether money came or went back
	StatementAt        StatementField = "at"
	StatementOrderNo   StatementField = "order_no"
	StatementGatewayID StatementField = "gateway_id"
	StatementApprove   StatementField = "approve"
)

// StatementFields are the fields in the order in which a person is asked for them.
var StatementFields = []StatementField{
	StatementAmount, StatementRefund, StatementKind, StatementAt, StatementOrderNo, StatementGatewayID, StatementApprove,
}

// StatementColumns says in which column, counted from 0, each field stands.
type StatementColumns map[StatementField]int

// Usable reports whether the columns are enough to compare with: an amount, and a number that names the payment.
func (c StatementColumns) Usable() bool {
	_, amount := c[StatementAmount]
	_, orderNo := c[StatementOrderNo]
	_, id := c[StatementGatewayID]
	_, approve := c[StatementApprove]
	return amount && (orderNo || id || approve)
}

// headers are the words that gateways put above a field, without spaces and in lower case, the surest first.
var headers = map[StatementField][]string{
	StatementAmount: {"결제금액", "승인금액", "거래금액", "매출금액", "주문금액", "금액", "amount", "totalamount", "paidamount"},
	StatementRefund: {"취소금액", "환불금액", "부분취소금액", "취소액", "환불액", "cancelamount", "cancelledamount", "refundamount", "refundedamount", "amountrefunded"},
	StatementKind:   {"거래구분", "거래유형", "거래종류", "승인구분", "구분", "거래상태", "결제상태", "상태", "type", "status"},
	StatementAt: {"거래일시", "승인일시", "결제일시", "결제승인일시", "거래일자", "승인일자", "결제일자", "거래일", "승인일", "결제일", "매출일자", "일시", "일자",
		"approvedat", "paidat", "transactionat", "date", "created", "created(utc)"},
	StatementOrderNo: {"주문번호", "가맹점주문번호", "상점주문번호", "주문id", "고객주문번호", "merchantuid", "merchant_uid", "orderid", "order_id", "order_no", "orderno"},
	StatementGatewayID: {"거래번호", "결제번호", "거래id", "결제키", "결제고유번호", "거래고유번호", "tid", "paymentkey", "imp_uid", "paymentid", "payment_id", "receipt_id",
		"transactionid", "id"},
	StatementApprove: {"승인번호", "카드승인번호", "approvalnumber", "approveno", "approvalno"},
}

// GuessStatement finds the line of headers among the first of a settlement file, and what stands in its columns. Lines above it, as
// titles and search terms, are passed over. The first line is taken when none holds words that are known.
func GuessStatement(rows [][]string) (header int, columns StatementColumns) {
	columns = StatementColumns{}
	for i, row := range rows[:min(30, len(rows))] {
		if found := guessColumns(row); len(found) > len(columns) {
			header, columns = i, found
		}
	}
	return header, columns
}

func guessColumns(row []string) StatementColumns {
	words := make([]string, len(row))
	for i, cell := range row {
		words[i] = strings.ToLower(strings.Join(strings.Fields(cell), ""))
	}
	columns := StatementColumns{}
	for field, names := range headers {
		for _, name := range names {
			if i := slices.Index(words, name); i >= 0 {
				columns[field] = i
				break
			}
		}
	}
	return columns
}

// StatementProblem is a line of a settlement file that cannot be read. Key is StatementNoAmount, StatementNoNumber or StatementNoTime.
type StatementProblem struct {
	Line int // counted from 1, as a spreadsheet does
	Key  string
}

// What may be wrong with a line.
const (
	StatementNoAmount = "amount"
	StatementNoNumber = "number"
	StatementNoTime   = "time"
)

// ReadStatement reads the lines of a settlement file below its header. Amounts are of the currency, times without an offset in loc.
// Empty lines and lines of totals are passed over; a line that holds an amount and an amount given back is two transactions.
func ReadStatement(rows [][]string, header int, c StatementColumns, cur registration.Currency, loc *time.Location) ([]Transaction, []StatementProblem) {
	var all []Transaction
	var wrong []StatementProblem
	for i := header + 1; i < len(rows); i++ {
		line := statementLine{rows[i], c}
		if line.skip() {
			continue
		}
		read, problem := line.read(cur, loc)
		if problem != "" {
			wrong = append(wrong, StatementProblem{i + 1, problem})
			continue
		}
		all = append(all, read...)
	}
	return all, wrong
}

type statementLine struct {
	cells   []string
	columns StatementColumns
}

func (l statementLine) at(f StatementField) string {
	if i, ok := l.columns[f]; ok && i < len(l.cells) {
		return strings.TrimSpace(strings.TrimPrefix(l.cells[i], "'")) // some exports keep spreadsheets from dropping zeros
	}
	return ""
}

// skip reports whether the line is empty or adds others up.
func (l statementLine) skip() bool {
	empty := true
	for _, cell := range l.cells {
		switch strings.Join(strings.Fields(cell), "") {
		case "":
			continue
		case "합계", "총계", "소계", "총합계", "Total", "TOTAL":
			return true
		}
		empty = false
	}
	return empty
}

func (l statementLine) read(cur registration.Currency, loc *time.Location) ([]Transaction, string) {
	amount, ok := statementAmount(l.at(StatementAmount), cur)
	back, okBack := statementAmount(l.at(StatementRefund), cur)
	if !ok || !okBack || (amount.Minor == 0 && back.Minor == 0) {
		return nil, StatementNoAmount
	}
	t := Transaction{OrderNo: l.at(StatementOrderNo), GatewayID: l.at(StatementGatewayID), Approve: l.at(StatementApprove)}
	if t.OrderNo == "" && t.GatewayID == "" && t.Approve == "" {
		return nil, StatementNoNumber
	}
	if t.At, ok = statementTime(l.at(StatementAt), loc); !ok {
		return nil, StatementNoTime
	}
	return movementsOf(t, amount, back, wentBack(l.at(StatementKind))), ""
}

// movementsOf makes the transactions of a line: amounts below zero, and those that the line's word says so of, went back.
func movementsOf(t Transaction, amount, back registration.Money, returned bool) []Transaction {
	var all []Transaction
	add := func(m registration.Money, refund bool) {
		t.Amount, t.Refund = m, refund
		if m.Minor < 0 {
			t.Amount.Minor, t.Refund = -m.Minor, true
		}
		all = append(all, t)
	}
	if amount.Minor != 0 {
		add(amount, returned && back.Minor == 0)
	}
	if back.Minor != 0 {
		back.Minor = max(back.Minor, -back.Minor)
		add(back, true)
	}
	return all
}

// wentBack reports whether a word of the gateway's says that money went back.
func wentBack(word string) bool {
	word = strings.ToLower(word)
	return slices.ContainsFunc([]string{"취소", "환불", "cancel", "refund"}, func(w string) bool { return strings.Contains(word, w) })
}

// statementAmount reads an amount as settlement files write it: 150,000 or 150000원, -150,000 or (150,000) for money that went back.
// Nothing, or a dash, is zero.
func statementAmount(text string, cur registration.Currency) (registration.Money, bool) {
	text = strings.NewReplacer("원", "", "₩", "", "￦", "", "$", "", " ", "", string(cur), "").Replace(text)
	negative := false
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") {
		text, negative = strings.TrimSuffix(inner, ")"), true
	}
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		text, negative = rest, true
	}
	if text == "" {
		return registration.Money{Cur: cur}, true
	}
	m, err := registration.ParseMoney(text, cur)
	if negative {
		m.Minor = -m.Minor
	}
	return m, err == nil
}

// statementLayouts are the ways in which times are written, after 오전 and 오후 have become AM and PM and all separators of a date a dash.
var statementLayouts = []string{
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006-01-02 PM 3:04:05", "2006-01-02 PM 3:04", "2006-01-02 3:04:05 PM",
	"20060102150405", "20060102 15:04:05", "20060102 150405", "20060102", "2006-01-02 15:04:05.000", "2006-1-2 15:04:05", "2006-1-2 15:04", "2006-1-2",
}

// statementTime reads a time; one without an offset is in loc. Nothing is the zero time.
func statementTime(text string, loc *time.Location) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), true
	}
	if days, err := strconv.ParseFloat(text, 64); err == nil && days > 20000 && days < 80000 {
		return serialTime(days, loc), true
	}
	plain := strings.NewReplacer("오전", "AM", "오후", "PM", "/", "-", ". ", "-", "T", " ").Replace(text)
	if day, rest, _ := strings.Cut(plain, " "); strings.Count(day, ".") == 2 {
		plain = strings.TrimSpace(strings.ReplaceAll(day, ".", "-") + " " + rest)
	}
	for _, layout := range statementLayouts {
		if t, err := time.ParseInLocation(layout, plain, loc); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// serialTime is a spreadsheet's own way to write a time: days, with their parts, since the end of 1899.
func serialTime(days float64, loc *time.Location) time.Time {
	whole := int(days)
	seconds := int((days-float64(whole))*86400 + 0.5)
	return time.Date(1899, 12, 30+whole, 0, 0, seconds, 0, loc).UTC()
}
