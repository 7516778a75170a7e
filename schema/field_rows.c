/* Field rows: a transformer's are a run of one table. */
#include "schema/field_rows.h"

#include <assert.h>

#include "schema/tables.h"

size_t field_row_count(enum field_use use)
{
    return field_use_rows[use].len;
}

struct field_row field_row(enum field_use use, size_t at)
{
    assert(at < field_use_rows[use].len);
    const struct field_spec_row *row = &field_spec_rows[field_use_rows[use].first + at];
    return (struct field_row){
        .target = { pool_str(row->target[0]), pool_str(row->target[1]), pool_str(row->target[2]) },
        .of = { pool_str(row->gvk[0]), pool_str(row->gvk[1]), pool_str(row->gvk[2]) },
        .path = pool_str(row->path),
        .create = row->create,
        .since = row->since,
    };
}
