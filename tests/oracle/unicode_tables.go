// Prints render/base/unicode_tables.c from the Unicode data that Go carries:
//
//	go run tests/oracle/unicode_tables.go | clang-format >render/base/unicode_tables.c
package main

import (
	"fmt"
	"sort"
	"unicode"
)

var categories = []string{"Cn", "Cc", "Cf", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me",
	"Mn", "Nd", "Nl", "No", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl",
	"Zp", "Zs"}

// Prints where each run of runes with the same number begins, as first << 8 | number.
func runs(name string, number func(r rune) int) {
	fmt.Printf("const uint32_t %s_runs[] = {\n", name)
	last, count := -1, 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		n := number(r)
		if n == last {
			continue
		}
		fmt.Printf("0x%X, ", uint32(r)<<8|uint32(n))
		last = n
		count++
	}
	fmt.Printf("};\nconst size_t %s_run_count = %d;\n\n", name, count)
}

// Categories by their long names, in the order of the names.
func aliases() {
	var names []string
	for name := range unicode.CategoryAliases {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Println("const struct category_alias category_aliases[] = {")
	for _, name := range names {
		fmt.Printf("{ %q, %q },\n", name, unicode.CategoryAliases[name])
	}
	fmt.Printf("};\nconst size_t category_alias_count = %d;\n\n", len(names))
}

type mapping struct{ upper, lower, title rune }

func mappingOf(r rune) mapping {
	return mapping{unicode.ToUpper(r) - r, unicode.ToLower(r) - r, unicode.ToTitle(r) - r}
}

// Runs of runes, one or two apart, that all move by the same distances.
func cases() {
	fmt.Println("const struct case_run case_runs[] = {")
	var mapped []rune
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if mappingOf(r) != (mapping{}) {
			mapped = append(mapped, r)
		}
	}
	count := 0
	taken := map[rune]bool{}
	for i, first := range mapped {
		if taken[first] {
			continue
		}
		m := mappingOf(first)
		step := rune(1)
		if i+1 < len(mapped) && mappingOf(first+1) != m && mappingOf(first+2) == m {
			step = 2
		}
		last := first
		for ; mappingOf(last) == m; last += step {
			taken[last] = true
		}
		fmt.Printf("{ 0x%X, 0x%X, %d, %d, %d, %d },\n", first, last-step, step, m.upper, m.lower, m.title)
		count++
	}
	fmt.Printf("};\nconst size_t case_run_count = %d;\n\n", count)
}

// Runes whose next equal letter, case aside, is neither their lower nor their upper case.
func folds() {
	fmt.Println("const uint32_t fold_exceptions[][2] = {")
	count := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		plain := unicode.ToLower(r)
		if plain == r {
			plain = unicode.ToUpper(r)
		}
		if next := unicode.SimpleFold(r); next != plain {
			fmt.Printf("{ 0x%X, 0x%X },\n", r, next)
			count++
		}
	}
	fmt.Printf("};\nconst size_t fold_exception_count = %d;\n", count)
}

func main() {
	fmt.Printf("/* Unicode %s. Printed by tests/oracle/unicode_tables.go: change that, not this. */\n",
		unicode.Version)
	fmt.Print("#include \"render/base/unicode_tables.h\"\n\n")
	var scripts []string
	for name := range unicode.Scripts {
		scripts = append(scripts, name)
	}
	sort.Strings(scripts)
	fmt.Print("const char script_names[][24] = {\n\"\", ")
	for _, name := range scripts {
		fmt.Printf("\"%s\", ", name)
	}
	fmt.Printf("};\nconst size_t script_count = %d;\n\n", len(scripts)+1)
	aliases()
	runs("category", func(r rune) int {
		for i, name := range categories[1:] {
			if unicode.Is(unicode.Categories[name], r) {
				return i + 1
			}
		}
		return 0
	})
	runs("script", func(r rune) int {
		for i, name := range scripts {
			if unicode.Is(unicode.Scripts[name], r) {
				return i + 1
			}
		}
		return 0
	})
	cases()
	folds()
}
