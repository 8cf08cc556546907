/**
 * The command {@code vault}.
 */
package io.kohakuvault.cli;
