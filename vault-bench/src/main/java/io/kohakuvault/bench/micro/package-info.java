/** What single calls cost, by JMH: {@code mvn -Pjmh -pl vault-bench -am verify}. */
@org.jspecify.annotations.NullMarked
package io.kohakuvault.bench.micro;
