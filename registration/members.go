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

// memberHeaders are the words above a column, without spaces and in lower case, the surest first.
var memberHeaders = [2][]string{
	{"회원번호", "회원no", "회원no.", "회원id", "membernumber", "memberno", "memberno.", "memberid", "membershipnumber", "membershipno", "membershipno.", "번호", "number", "no.", "no", "id"},
	{"성명", "이름", "회원명", "회원성명", "name", "fullname", "membername", "성명(국문)", "한글성명", "name(korean)"},
}

// maxMemberField is the longest number or name of a list, in characters.
const maxMemberField = 80

// ReadMembers reads a member list out of the rows of a table. The first of its first lines that names a column for the number and one for
// the name is the header; without one ok is false. lines says in which line of the table each member stands.
func ReadMembers(rows [][]string) (list []Member, lines []int, wrong []ImportProblem, ok bool) {
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
	seen := map[string]bool{}
	for i := header + 1; i < len(rows); i++ {
		m := Member{Number: cell(rows[i], number), Name: cell(rows[i], name)}
		if m == (Member{}) {
			continue
		}
		before := len(wrong)
		for _, mistake := range m.mistakes(seen) {
			wrong = AddProblem(wrong, ImportProblem{Row: i + 1, Key: "console.members.wrong." + mistake, Text: strings.TrimSpace(m.Number + " " + m.Name)})
		}
		seen[MemberKey(m.Number)] = true
		if len(wrong) == before {
			list, lines = append(list, m), append(lines, i+1)
		}
	}
	return list, lines, wrong, true
}

// mistakes are the words for all that is wrong with a line; seen are the keys of the numbers before.
func (m Member) mistakes(seen map[string]bool) (all []string) {
	key := MemberKey(m.Number)
	for _, check := range [...]struct {
		wrong bool
		word  string
	}{
		{key == "", "number"},
		{len(nameParts(m.Name)) == 0, "name"},
		{utf8.RuneCountInString(m.Number) > maxMemberField || utf8.RuneCountInString(m.Name) > maxMemberField, "long"},
		{HoldsCardNumber(m.Number) || HoldsCardNumber(m.Name), "card"},
		{key != "" && seen[key], "twice"},
	} {
		if check.wrong {
			all = append(all, check.word)
		}
	}
	return all
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
