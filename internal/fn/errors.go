package fn

import "errors"

var errPanic = errors.New("the function failed on these arguments")
