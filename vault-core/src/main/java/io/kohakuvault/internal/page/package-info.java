/**
 * Where bytes stand in the database file: b-tree pages, WAL frames, the mapping. Knows nothing of columns.
 */
@NullMarked
package io.kohakuvault.internal.page;

import org.jspecify.annotations.NullMarked;
