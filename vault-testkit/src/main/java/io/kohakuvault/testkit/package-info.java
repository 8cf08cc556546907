/** What tests and the demo share: files of the original, child processes, a broker and a worker. Not published. */
@NullMarked
package io.kohakuvault.testkit;

import org.jspecify.annotations.NullMarked;
