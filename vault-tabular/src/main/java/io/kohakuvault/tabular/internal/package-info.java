/**
 * Tables as text: CSV and JSON lines in and out, what types their columns have, and which rows are asked for. Knows
 * nothing of the command line.
 */
@NullMarked
package io.kohakuvault.tabular.internal;

import org.jspecify.annotations.NullMarked;
