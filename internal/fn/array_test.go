package fn

import (
	"math"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

func TestArrays(t *testing.T) {
	five := jsonText("[1,2,3,4,5]")
	words := jsonText(`["this","is","an","example","an","example"]`)
	checkRows(t, Scalar, []row{
		// Recorded from the engine, or on the functions' pages.
		{"array_length", list(jsonText("[]")), 0}, {"array_length", list(jsonText("{}")), types.Long}, {"array_length", list(types.Dynamic), types.Long},
		{"array_concat", list(jsonText("[1]"), jsonText("[]"), jsonText(`["a",null]`)), jsonText(`[1,"a",null]`)}, {"array_concat", list(types.Dynamic, jsonText("[1]")), jsonText("[1]")},
		{"array_concat", list(types.Dynamic), types.Dynamic},
		{"array_slice", list(five, 2, -2), jsonText("[3,4]")}, {"array_slice", list(five, -3, -1), jsonText("[3,4,5]")}, {"array_slice", list(five, 0, 100), five},
		{"array_slice", list(five, 0, 0), jsonText("[1]")}, {"array_slice", list(five, 0, -6), jsonText("[]")}, {"array_slice", list(five, 9, 10), jsonText("[]")},
		{"array_slice", list(five, 3, 1), jsonText("[]")}, {"array_slice", list(five, -100, math.MaxInt64), five}, {"array_slice", list(jsonText("{}"), 0, 1), types.Dynamic},
		{"array_split", list(five, 2), jsonText("[[1,2],[3,4,5]]")}, {"array_split", list(five, -2), jsonText("[[1,2,3],[4,5]]")},
		{"array_split", list(five, jsonText("[1,3]")), jsonText("[[1],[2,3],[4,5]]")}, {"array_split", list(five, jsonText("[3,1]")), jsonText("[[1,2,3],[],[4,5]]")},
		{"array_split", list(five, jsonText(`["x"]`)), types.Dynamic}, {"array_split", list(five, 99), jsonText("[[1,2,3,4,5],[]]")},
		{"array_reverse", list(jsonText(`["a",{"b":[1,2]}]`)), jsonText(`[{"b":[1,2]},"a"]`)}, {"array_reverse", list(jsonText("1")), types.Dynamic},
		{"array_rotate_left", list(five, 2), jsonText("[3,4,5,1,2]")}, {"array_rotate_left", list(five, math.MinInt64), jsonText("[3,4,5,1,2]")},
		{"array_rotate_right", list(five, -2), jsonText("[3,4,5,1,2]")}, {"array_rotate_right", list(jsonText("[]"), 3), jsonText("[]")},
		{"array_shift_left", list(five, 2), jsonText("[3,4,5,null,null]")}, {"array_shift_left", list(five, -2, -1), jsonText("[-1,-1,1,2,3]")},
		{"array_shift_right", list(five, -2, -1), jsonText("[3,4,5,-1,-1]")}, {"array_shift_right", list(five, math.MaxInt64), jsonText("[null,null,null,null,null]")},
		{"array_index_of", list(words, "an"), 2}, {"array_index_of", list(words, "example", 1, 3), 3}, {"array_index_of", list(words, "example", 1, 2), -1},
		{"array_index_of", list(words, "is", 2, 4), -1}, {"array_index_of", list(words, "an", 1, -1, 2), 4}, {"array_index_of", list(words, "an", 1, -1, 3), -1},
		{"array_index_of", list(words, "an", -3), 4}, {"array_index_of", list(words, "is", -4), -1}, {"array_index_of", list(jsonText("[5,15]"), 15.0), 1},
		{"array_index_of", list(words, "an", 0, -2), types.Long}, {"array_index_of", list(words, "an", 0, -1, -1), types.Long}, {"array_index_of", list(types.Dynamic, 1), types.Long},
		{"array_iff", list(jsonText("[true,false,true]"), jsonText("[1,2,3]"), jsonText("[4,5,6]")), jsonText("[1,5,3]")},
		{"array_iff", list(jsonText("[1,0,50]"), "yes", "no"), jsonText(`["yes","no","yes"]`)}, {"array_iff", list(jsonText(`["x","2022-01-01",null]`), 1, 0), jsonText("[null,null,null]")},
		{"array_iff", list(jsonText("[true,true,true]"), jsonText("[1,2]"), jsonText("[3,4]")), jsonText("[1,2,null]")},
		{"array_sum", list(jsonText("[1,null,3]")), 4.0}, {"array_sum", list(jsonText("[]")), types.Real}, {"array_sum", list(jsonText(`[1.5,"2"]`)), 1.5},
		{"array_strcat", list(jsonText(`["a",null,"","b"]`), "|"), "a|||b"},
		{"array_sort_asc", list(jsonText(`[null,"blue","yellow","green",null]`)), jsonText(`["blue","green","yellow",null,null]`)},
		{"array_sort_asc", list(jsonText(`[null,"blue","yellow",null]`), false), jsonText(`[null,null,"blue","yellow"]`)},
		{"array_sort_desc", list(jsonText("[1,3,4,5,2]"), jsonText(`["a","b","c","d","e"]`)), jsonText(`[[5,4,3,2,1],["d","c","b","e","a"]]`)},
		{"array_sort_asc", list(jsonText("[2,1]"), jsonText("[1,2,3]"), types.Dynamic), jsonText("[[1,2],null,null]")},
		{"array_sort_asc", list(jsonText(`["b",true,10,9.5,"a",{"x":1}]`)), jsonText(`[9.5,10,"a","b",true,{"x":1}]`)},
		{"array_sort_asc", list(jsonText(`[9007199254740993,9007199254740992]`)), jsonText(`[9007199254740992,9007199254740993]`)},
		{"array_sort_asc", list(types.Dynamic), types.Dynamic},
	})
}

func TestSets(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"set_union", list(jsonText("[1,2,1,4]"), jsonText("[1,2]"), jsonText("[8]")), jsonText("[1,2,4,8]")},
		{"set_union", list(jsonText(`[1,{"a":1,"b":2}]`), jsonText(`[1.0,{"b":2,"a":1.0}]`)), jsonText(`[1,{"a":1,"b":2}]`)},
		{"set_intersect", list(jsonText("[1,2,1,4]"), jsonText("[1,2]"), jsonText("[8,1]")), jsonText("[1]")}, {"set_intersect", list(jsonText("[1]"), jsonText("[2]")), jsonText("[]")},
		{"set_difference", list(jsonText("[1,2,1,4]"), jsonText("[1,2]"), jsonText("[8]")), jsonText("[4]")},
		{"set_difference", list(jsonText("[null,1,null,2,null]"), jsonText("[null]")), jsonText("[1,2]")}, {"set_union", list(types.Dynamic, jsonText("[1]")), types.Dynamic},
		{"set_has_element", list(jsonText(`["a","b"]`), "b"), true}, {"set_has_element", list(jsonText("[1,2]"), 2.0), true}, {"set_has_element", list(jsonText("[1]"), "1"), false},
		{"set_has_element", list(types.Dynamic, 1), types.Bool}, {"set_equals", list(jsonText("[1,2,2]"), jsonText("[2,1]")), true}, {"set_equals", list(jsonText("[1]"), jsonText("[2]")), false},
		{"jaccard_index", list(jsonText("[1,2,3]"), jsonText("[1,2,3,4]")), 0.75}, {"jaccard_index", list(jsonText("[]"), jsonText("[]")), math.NaN()},
	})
}

func TestBags(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"bag_pack", list("a", 1, "b", types.Long, "c", "x"), jsonText(`{"a":1,"b":null,"c":"x"}`)}, {"pack", list("a", 1, "a", 2), jsonText(`{"a":1}`)},
		{"__bag_pack_present", list("a", "", "b", types.Long, "c", 3), jsonText(`{"c":3}`)},
		{"bag_keys", list(jsonText(`{"a":"b","c":{"d":1}}`)), jsonText(`["a","c"]`)}, {"bag_keys", list(jsonText("[]")), types.Dynamic}, {"bag_keys", list(jsonText("{}")), jsonText("[]")},
		{"bag_has_key", list(jsonText(`{"k":{"p":1}}`), "$.k.p"), true}, {"bag_has_key", list(jsonText(`{"k":{"p":1}}`), "$['k'].q"), false}, {"bag_has_key", list(jsonText(`{"a.b":1}`), "a.b"), true},
		{"bag_has_key", list(jsonText(`{"k":[1]}`), "$.k[0]"), false},
		{"bag_merge", list(jsonText(`{"A1":12,"B1":2}`), jsonText(`{"A2":81,"A1":1}`)), jsonText(`{"A1":12,"B1":2,"A2":81}`)},
		{"bag_merge", list(types.Dynamic, jsonText(`{"a":1}`)), jsonText(`{"a":1}`)}, {"bag_merge", list(types.Dynamic, jsonText("[]")), types.Dynamic},
		{"bag_remove_keys", list(jsonText(`{"key1":123,"key2":{"prop1":"abc","prop2":"xyz"},"key3":[100]}`), jsonText(`["$.key2.prop1","key3"]`)), jsonText(`{"key1":123,"key2":{"prop2":"xyz"}}`)},
		{"bag_remove_keys", list(jsonText(`{"a":1}`), jsonText(`["b",5]`)), jsonText(`{"a":1}`)}, {"bag_remove_keys", list(jsonText(`{"a":1}`), types.Dynamic), types.Dynamic},
		{"bag_set_key", list(jsonText(`{"key1":1,"key3":"abc"}`), "key3", 3), jsonText(`{"key1":1,"key3":3}`)},
		{"bag_set_key", list(jsonText(`{"k":{"prop1":123,"prop2":"xyz"}}`), "$.k.prop1", "abc"), jsonText(`{"k":{"prop2":"xyz","prop1":"abc"}}`)},
		{"bag_set_key", list(jsonText(`{"a":1}`), "$.k.p", "abc"), jsonText(`{"a":1,"k":{"p":"abc"}}`)}, {"bag_set_key", list(jsonText(`[1]`), "a", 1), types.Dynamic},
		{"bag_set_key", list(jsonText(`{"a":1}`), "$.a[0]", 1), types.Dynamic},
		{"bag_zip", list(jsonText(`["a",8,"b"]`), jsonText(`[1,"2",2.5]`)), jsonText(`{"a":1,"b":2.5}`)}, {"bag_zip", list(jsonText(`["a","b"]`), jsonText("1")), jsonText(`{"a":null,"b":null}`)},
		{"bag_zip", list(jsonText(`"a"`), jsonText("[1]")), types.Dynamic},
	})
}
