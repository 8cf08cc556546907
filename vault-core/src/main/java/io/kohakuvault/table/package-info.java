/**
 * Tables: named, typed, nullable columns of one length that are appended together.
 */
@NullMarked
package io.kohakuvault.table;

import org.jspecify.annotations.NullMarked;
