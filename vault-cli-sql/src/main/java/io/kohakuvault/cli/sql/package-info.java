/** The command {@code vault sql}. */
@NullMarked
package io.kohakuvault.cli.sql;

import org.jspecify.annotations.NullMarked;
