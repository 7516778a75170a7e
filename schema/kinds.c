/* Kinds: both tables are sorted by kind, then API version. */
#include "schema/kinds.h"

#include "schema/tables.h"

enum scope kind_scope(str api_version, str kind)
{
    const struct kind_row *row = ROW_FIND(kind_rows, kind_count, kind, api_version);
    return row ? row->scope : SCOPE_UNKNOWN;
}

bool kind_find(str api_version, str kind, struct kind_facts *out)
{
    const struct lifecycle_row *row = ROW_FIND(lifecycle_rows, lifecycle_count, kind, api_version);
    if (!row)
        return false;
    *out = (struct kind_facts){
        .api_version = pool_str(row->api_version),
        .kind = pool_str(row->kind),
        .plural = pool_str(row->plural),
        .scope = row->scope,
        .served_first = row->served_first,
        .served_last = row->served_last,
        .introduced = row->introduced,
        .deprecated = row->deprecated,
        .removed = row->removed,
        .replacement = pool_str(row->replacement),
    };
    return true;
}
