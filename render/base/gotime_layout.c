/* Layouts are written with the moment Mon Jan 2 15:04:05 MST 2006: each of its parts stands for
 * itself wherever it is found, even inside words ("Januar2y"), but for Jan and Mon. */
#include "render/base/gotime_layout.h"

const char *const month_names[12] = { "January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December" };
const char *const weekday_names[7] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday" };

/* What is longer stands before its beginning. */
static const struct {
    const char *text;
    enum element_kind kind;
} elements[] = {
    { "January", ELEMENT_LONG_MONTH },
    { "Jan", ELEMENT_MONTH },
    { "Monday", ELEMENT_LONG_WEEKDAY },
    { "Mon", ELEMENT_WEEKDAY },
    { "MST", ELEMENT_ZONE },
    { "01", ELEMENT_ZERO_MONTH },
    { "02", ELEMENT_ZERO_DAY },
    { "03", ELEMENT_ZERO_HOUR12 },
    { "04", ELEMENT_ZERO_MINUTE },
    { "05", ELEMENT_ZERO_SECOND },
    { "06", ELEMENT_YEAR },
    { "002", ELEMENT_ZERO_YEARDAY },
    { "15", ELEMENT_HOUR },
    { "1", ELEMENT_NUM_MONTH },
    { "2006", ELEMENT_LONG_YEAR },
    { "2", ELEMENT_DAY },
    { "_2", ELEMENT_UNDER_DAY },
    { "__2", ELEMENT_UNDER_YEARDAY },
    { "3", ELEMENT_HOUR12 },
    { "4", ELEMENT_MINUTE },
    { "5", ELEMENT_SECOND },
    { "PM", ELEMENT_UPPER_PM },
    { "pm", ELEMENT_LOWER_PM },
    { "-070000", ELEMENT_OFFSET },
    { "-07:00:00", ELEMENT_OFFSET },
    { "-0700", ELEMENT_OFFSET },
    { "-07:00", ELEMENT_OFFSET },
    { "-07", ELEMENT_OFFSET },
    { "Z070000", ELEMENT_OFFSET },
    { "Z07:00:00", ELEMENT_OFFSET },
    { "Z0700", ELEMENT_OFFSET },
    { "Z07:00", ELEMENT_OFFSET },
    { "Z07", ELEMENT_OFFSET },
};

static bool is_digit_at(str s, size_t at)
{
    return at < s.len && s.at[at] >= '0' && s.at[at] <= '9';
}

static bool is_lower_at(str s, size_t at)
{
    return at < s.len && s.at[at] >= 'a' && s.at[at] <= 'z';
}

/* .000 or ,999 and no digit behind. */
static bool find_fraction(str s, struct element *e)
{
    if (s.len < 2 || (s.at[0] != '.' && s.at[0] != ',') || (s.at[1] != '0' && s.at[1] != '9'))
        return false;
    size_t end = 1;
    while (end < s.len && s.at[end] == s.at[1])
        end++;
    if (is_digit_at(s, end))
        return false;
    e->kind = s.at[1] == '0' ? ELEMENT_FRACTION : ELEMENT_FRACTION_TRIMMED;
    e->text = str_slice(s, 0, end);
    e->digits = (int)end - 1;
    return true;
}

/* Janet and Monroe are no elements; nor is the 2 of _2006, whose '_' is a letter. */
static bool is_refused(str s, enum element_kind kind)
{
    if (kind == ELEMENT_MONTH || kind == ELEMENT_WEEKDAY)
        return is_lower_at(s, 3);
    return kind == ELEMENT_UNDER_DAY && str_starts(s, S("_2006"));
}

static bool find_element(str s, struct element *e)
{
    if (!str_has_char(S("JM012_345Pp-Z.,"), s.at[0]))
        return false;
    if (find_fraction(s, e))
        return true;
    for (size_t i = 0; i < countof(elements); i++) {
        str text = str_from(elements[i].text);
        if (!str_starts(s, text) || is_refused(s, elements[i].kind))
            continue;
        e->kind = elements[i].kind;
        e->text = str_slice(s, 0, text.len);
        if (e->kind == ELEMENT_OFFSET) {
            e->colon = str_has_char(text, ':');
            e->zulu = text.at[0] == 'Z';
            e->digits = text.len == 3 ? 2 : text.len <= 6 ? 4 : 6;
        }
        return true;
    }
    return false;
}

struct element gotime_next_element(str *layout)
{
    struct element e = { .kind = ELEMENT_NONE, .before = *layout };
    for (size_t i = 0; i < layout->len; i++) {
        if (!find_element(str_skip(*layout, i), &e))
            continue;
        e.before = str_slice(*layout, 0, i);
        *layout = str_skip(*layout, i + e.text.len);
        return e;
    }
    e.text = str_slice(*layout, layout->len, layout->len);
    *layout = e.text;
    return e;
}
