#ifndef HARRIER_NATIVE_H
#define HARRIER_NATIVE_H

#include <stdint.h>

/* Stores count strings, which lie end to end in text, in the slots at[] of a
   vector of the engine: one crossing from Go for many strings. */
void harrier_assign_strings(void *vector, const uint32_t *at, const uint32_t *size, const char *text, uint32_t count);

#endif
