# Reads the tables that lie beside this file, with every id exact: source("load.R") makes a
# data frame of each, by its name. What a column means, its unit and the words that may
# stand in it are said in datapackage.json.
blindspot_here <- local({
  sourced <- Filter(Negate(is.null), lapply(sys.frames(), function(f) f$ofile))
  run <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(sourced)) dirname(sourced[[length(sourced)]])
  else if (length(run)) dirname(run[1])
  else "."
})
# Ids and words stay text; a number is a double, exact to 2^53; an empty cell is NA.
blindspot_read <- function(file, types) {
  table <- read.csv(file.path(blindspot_here, file), colClasses = "character", na.strings = "",
                    check.names = FALSE, encoding = "UTF-8", fill = FALSE)
  stopifnot(identical(names(table), names(types)))
  for (column in names(types)) {
    cell <- table[[column]]
    table[[column]] <- switch(types[[column]],
      number = as.numeric(cell),
      instant = as.POSIXct(cell, format = "%Y-%m-%dT%H:%M:%SZ", tz = "UTC"),
      truth = ifelse(is.na(cell), NA, cell %in% c("yes", "1", "true")),
      cell)
  }
  table
}
