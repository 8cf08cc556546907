/**
 * How kernels learn to show what {@link io.kohakuvault.notebook.Show} shows. Nothing here is called by a notebook.
 *
 * <pre>{@code
 * // in the kernel's specification: "IJAVA_STARTUP_SCRIPT": "io.kohakuvault.notebook.kernel.IJavaDisplay.install();"
 * // JJava finds the class by itself: "JJAVA_CLASSPATH": "vault-notebook.jar and what it needs"
 * }</pre>
 */
@NullMarked
package io.kohakuvault.notebook.kernel;

import org.jspecify.annotations.NullMarked;
