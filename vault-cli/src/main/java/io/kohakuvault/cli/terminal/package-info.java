/**
 * What people see on a terminal: how wide it is and a text is on it, and tables that fit it.
 */
@NullMarked
package io.kohakuvault.cli.terminal;

import org.jspecify.annotations.NullMarked;
