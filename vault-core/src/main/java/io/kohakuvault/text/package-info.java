/**
 * Full-text search over documents (FTS5, BM25).
 */
@NullMarked
package io.kohakuvault.text;

import org.jspecify.annotations.NullMarked;
