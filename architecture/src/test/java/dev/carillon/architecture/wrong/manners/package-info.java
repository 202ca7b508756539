/** Classes that break one habit each. */
@NullMarked
package dev.carillon.architecture.wrong.manners;

import org.jspecify.annotations.NullMarked;
