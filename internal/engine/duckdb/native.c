#include "native.h"

/* Part of the engine's C API; its header belongs to the binding's module. */
extern void duckdb_unsafe_vector_assign_string_element_len(void *vector, uint64_t index, const char *text, uint64_t size);

void harrier_assign_strings(void *vector, const uint32_t *at, const uint32_t *size, const char *text, uint32_t count) {
	for (uint32_t i = 0; i < count; i++) {
		duckdb_unsafe_vector_assign_string_element_len(vector, at[i], text, size[i]);
		text += size[i];
	}
}
