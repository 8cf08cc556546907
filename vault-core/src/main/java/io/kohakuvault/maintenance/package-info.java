/**
 * Looking after a file: what is in it, whether it is sound, mending, copying, compacting.
 */
@NullMarked
package io.kohakuvault.maintenance;

import org.jspecify.annotations.NullMarked;
