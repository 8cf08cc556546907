/** Whole-run benchmarks: each prints times and ratios to something else measured in the same run. */
@NullMarked
package io.kohakuvault.bench;

import org.jspecify.annotations.NullMarked;
