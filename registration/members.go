package registration

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Member is one line of a society's member list.
type Member struct {
	Number string // as the list writes it
	Name   string
}

// MemberProblem is a line of a member list that cannot be taken.
type MemberProblem struct {
	Line int    // counted from 1, as a spreadsheet does
	Key  string // message key of a sentence that says what to do
	Text string // what stands there, cut
}

// memberHeaders are the words above a column, without spaces and in lower case, the surest first.
var memberHeaders = [2][]string{
	{"회원번호", "회원no", "회원no.", "회원id", "membernumber", "memberno", "memberno.", "memberid", "membershipnumber", "membershipno", "membershipno.", "번호", "number", "no.", "no", "id"},
	{"성명", "이름", "회원명", "회원성명", "name", "fullname", "membername", "성명(국문)", "한글성명", "name(korean)"},
}

// maxMemberField is the longest number or name of a list, in characters.
const maxMemberField = 80

// ReadMembers reads a member list out of the rows of a table. The first of its first lines that names a column for the number and one for
// the name is the header; without one ok is false. lines says in which line of the table each member stands.
func ReadMembers(rows [][]string) (list []Member, lines []int, wrong []MemberProblem, ok bool) {
	header, number, name := -1, -1, -1
	for i, row := range rows[:min(20, len(rows))] {
		if number, name = headed(row, memberHeaders[0]), headed(row, memberHeaders[1]); number >= 0 && name >= 0 {
			header = i
			break
		}
	}
	if header < 0 {
		return nil, nil, nil, false
	}
	seen := map[string]int{}
	for i := header + 1; i < len(rows); i++ {
		m := Member{Number: cell(rows[i], number), Name: cell(rows[i], name)}
		if m == (Member{}) {
			continue
		}
		key := MemberKey(m.Number)
		problem := MemberProblem{Line: i + 1, Text: strings.TrimSpace(m.Number + " " + m.Name)}
		switch {
		case key == "":
			problem.Key = "console.members.wrong.number"
		case len(nameParts(m.Name)) == 0:
			problem.Key = "console.members.wrong.name"
		case utf8.RuneCountInString(m.Number) > maxMemberField || utf8.RuneCountInString(m.Name) > maxMemberField:
			problem.Key, problem.Text = "console.members.wrong.long", string([]rune(problem.Text)[:maxMemberField])+"…"
		case HoldsCardNumber(m.Number) || HoldsCardNumber(m.Name):
			problem.Key, problem.Text = "console.members.wrong.card", ""
		case seen[key] > 0:
			problem.Key = "console.members.wrong.twice"
		}
		if problem.Key != "" {
			wrong = append(wrong, problem)
			continue
		}
		seen[key] = i + 1
		list, lines = append(list, m), append(lines, i+1)
	}
	return list, lines, wrong, true
}

// headed finds the column that has one of these words above it, the surest word first.
func headed(row, words []string) int {
	var heads []string
	for _, c := range row {
		heads = append(heads, strings.ToLower(strings.Join(strings.Fields(strings.Trim(c, "\ufeff")), "")))
	}
	for _, w := range words {
		if i := slices.Index(heads, w); i >= 0 {
			return i
		}
	}
	return -1
}

// cell is one clean value of a row; bytes that are no text are left out.
func cell(row []string, i int) string {
	if i >= len(row) {
		return ""
	}
	clean, _ := CleanLine(strings.TrimPrefix(strings.ToValidUTF8(row[i], ""), "'")) // some exports keep spreadsheets from dropping zeros
	return clean
}
