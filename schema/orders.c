/* Orders: a rank for a kind. */
#include "schema/orders.h"

#include "schema/tables.h"

int legacy_rank(str kind)
{
    const struct order_row *row = ROW_FIND(legacy_order_rows, legacy_order_count, kind);
    return row ? row->rank : 0;
}

int helm_install_rank(str kind)
{
    const struct order_row *row = ROW_FIND(helm_install_rows, helm_install_count, kind);
    return row ? row->rank : HELM_RANK_UNKNOWN;
}

int helm_uninstall_rank(str kind)
{
    const struct order_row *row = ROW_FIND(helm_uninstall_rows, helm_uninstall_count, kind);
    return row ? row->rank : HELM_RANK_UNKNOWN;
}

size_t helm_api_version_count(void)
{
    return helm_api_version_total;
}

str helm_api_version(size_t at)
{
    return pool_str(helm_api_version_rows[at]);
}

str helm_default(str name)
{
    const struct pair_row *row = ROW_FIND(helm_default_rows, helm_default_count, name);
    return row ? pool_str(row->value) : S("");
}
